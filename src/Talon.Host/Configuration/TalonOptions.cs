using System.Collections.Immutable;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Pipeline;
using Talon.Actors.Plugins;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Host.Logging;

namespace Talon.Host.Configuration;

/// <summary>
/// The configuration of a node: the environment over the file over the defaults given here and in its sections. What key goes where
/// stands in <see cref="ConfigKeys"/>.
/// </summary>
internal sealed record TalonOptions
{
    /// <summary>The address the ingress listens on. Default <c>0.0.0.0</c>.</summary>
    public string ListenAddress { get; init; } = "0.0.0.0";

    /// <summary>The port of the ingress; 0 takes any free one. Default 2803.</summary>
    public int ListenPort { get; init; } = 2803;

    /// <summary>The rule files, read in order. Default <c>/etc/falco-talon/rules.yaml</c>.</summary>
    public ImmutableArray<string> RulesFiles { get; init; } = ["/etc/falco-talon/rules.yaml"];

    /// <summary>Whether changed rule files come into force while the server runs. Default true.</summary>
    public bool WatchRules { get; init; } = true;

    /// <summary>The kubeconfig file; empty means the service account of the pod.</summary>
    public string KubeConfig { get; init; } = "";

    /// <summary>How log lines look. Default colour.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Color;

    /// <summary>Whether every event is logged, not only those that a rule matches. Default false.</summary>
    public bool PrintAllEvents { get; init; }

    /// <summary>The notifiers that hear of every outcome, as written. Default none.</summary>
    public ImmutableArray<string> DefaultNotifiers { get; init; } = [];

    /// <summary>The settings of notifiers as written, by the name of the notifier. Default none. They hold secrets.</summary>
    public NotifierSettings Notifiers { get; init; } = NotifierSettings.None;

    /// <summary>The namespaces that no action writes to. Default those of Kubernetes itself.</summary>
    public ImmutableArray<string> ProtectedNamespaces { get; init; } = KubernetesOptions.DefaultProtectedNamespaces;

    /// <summary>What the pipeline does with events and actions.</summary>
    public PipelineOptions Pipeline { get; init; } = new();

    public IngressSettings Ingress { get; init; } = new();

    public JournalSettings Journal { get; init; } = new();

    public CloudSettings Clouds { get; init; } = new();

    /// <summary>Where artifacts for remote outputs wait.</summary>
    public SpoolOptions Spool { get; init; } = new();

    /// <summary>The node and how its cluster forms. Its journal is told by <see cref="Journal"/>, because a file has to be read for it.</summary>
    public TalonClusterOptions Cluster { get; init; } = new() { Version = BuildInfo.Version };

    /// <summary>Whether nodes may talk to each other over a network without TLS. Default false.</summary>
    public bool ClusterAllowInsecure { get; init; }

    /// <summary>The settings of the node with its journal. The file with the connection string is read now.</summary>
    /// <exception cref="JournalException">The file with the connection string of the journal cannot be read.</exception>
    public TalonClusterOptions ToClusterOptions() => Cluster with { Journal = Journal.ToJournalOptions() };

    /// <summary>Every key with its value, secrets left out: settings get printed.</summary>
    public override string ToString() => $"TalonOptions {{ {string.Join(", ", ConfigKeys.All.Select(key => key.Print(this)))} }}";
}
