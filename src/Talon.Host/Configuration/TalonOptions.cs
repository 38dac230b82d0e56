using System.Collections.Immutable;
using Talon.Actors.Pipeline;
using Talon.Cluster;
using Talon.Cluster.Forming;
using Talon.Host.Cli;
using Talon.Host.Logging;

namespace Talon.Host.Configuration;

/// <summary>
/// The configuration of a node: the environment over the file over the defaults given here. The names of the keys and of
/// their environment variables stand in <see cref="ConfigKeys"/>.
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

    /// <summary>How long the same event counts as a duplicate of the first; zero: never. Default 5 s.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The namespaces that no action writes to. Default those of Kubernetes itself.</summary>
    public ImmutableArray<string> ProtectedNamespaces { get; init; } = ["kube-system", "kube-public", "kube-node-lease"];

    /// <summary>Whether every rule is a dry run. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>How old an event may be when an action starts; zero: no limit. Default 10 min.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long after the first failure an action is tried again. Default 5 min.</summary>
    public TimeSpan RetryMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many short actions of a category run at a time. Default 32.</summary>
    public int ShortLane { get; init; } = 32;

    /// <summary>How many long-running actions of a category run at a time. Default 16.</summary>
    public int LongLane { get; init; } = 16;

    /// <summary>The ingress.</summary>
    public IngressSettings Ingress { get; init; } = new();

    /// <summary>How long running actions may go on after SIGTERM. Default 45 s.</summary>
    public TimeSpan ShutdownGracePeriod { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>The journal.</summary>
    public JournalSettings Journal { get; init; } = new();

    /// <summary>How long facts stay in the journal. Default 7 days.</summary>
    public TimeSpan AuditRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many facts of a bucket stay in the journal. Default 200,000.</summary>
    public int AuditMaxFactsPerBucket { get; init; } = 200_000;

    /// <summary>How the cluster forms. Default a cluster of one node.</summary>
    public ClusterMode ClusterMode { get; init; } = ClusterMode.SingleNode;

    /// <summary>The address or host name by which the other nodes know this one. Default 127.0.0.1.</summary>
    public string ClusterHost { get; init; } = "127.0.0.1";

    /// <summary>The address that Akka.Remote listens on; empty means that of <see cref="ClusterHost"/>, or every address when that is a name.</summary>
    public string ClusterBindAddress { get; init; } = "";

    /// <summary>The seed nodes as written: <c>host</c> or <c>host:port</c>. Default none.</summary>
    public ImmutableArray<string> ClusterSeedNodes { get; init; } = [];

    /// <summary>How long the node tries to become a member before its start fails. Default 60 s.</summary>
    public TimeSpan ClusterJoinTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether nodes may talk to each other over a network without TLS. Default false.</summary>
    public bool ClusterAllowInsecure { get; init; }

    /// <summary>The port of Akka.Remote; 0 takes any free one. Default 4053.</summary>
    public int ClusterPort { get; init; } = 4053;

    /// <summary>The settings of the pipeline.</summary>
    public PipelineOptions ToPipelineOptions() => new()
    {
        DuplicateWindow = DuplicateWindow,
        MaxAge = MaxAge,
        RetryMaxAge = RetryMaxAge,
        ShortLane = ShortLane,
        LongLane = LongLane,
        DryRun = DryRun,
        ShutdownGracePeriod = ShutdownGracePeriod,
        AuditRetention = AuditRetention,
        MaxFactsPerBucket = AuditMaxFactsPerBucket,
    };

    /// <summary>The settings of the cluster node and its journal.</summary>
    /// <exception cref="Cluster.Journal.JournalException">The file with the connection string of the journal cannot be read.</exception>
    public TalonClusterOptions ToClusterOptions() => new()
    {
        Mode = ClusterMode,
        Host = ClusterHost,
        BindAddress = ClusterBindAddress.Length > 0 ? ClusterBindAddress : null,
        Port = ClusterPort,
        SeedNodes = [.. ClusterSeedNodes.Select(seed => NodeAddress.Parse(seed, ClusterPort)).OfType<NodeAddress>()],
        JoinTimeout = ClusterJoinTimeout,
        Version = BuildInfo.Version,
        Journal = Journal.ToJournalOptions(),
    };
}
