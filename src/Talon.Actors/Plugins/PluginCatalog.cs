using System.Collections.Frozen;
using System.Collections.Immutable;
using Talon.Actors.Actionners.Aws.Lambda;
using Talon.Actors.Actionners.Calico.NetworkPolicy;
using Talon.Actors.Actionners.Cilium.NetworkPolicy;
using Talon.Actors.Actionners.Gcp.Function;
using Talon.Actors.Actionners.Kubernetes.Annotation;
using Talon.Actors.Actionners.Kubernetes.Cordon;
using Talon.Actors.Actionners.Kubernetes.Delete;
using Talon.Actors.Actionners.Kubernetes.Download;
using Talon.Actors.Actionners.Kubernetes.Drain;
using Talon.Actors.Actionners.Kubernetes.Exec;
using Talon.Actors.Actionners.Kubernetes.Label;
using Talon.Actors.Actionners.Kubernetes.Log;
using Talon.Actors.Actionners.Kubernetes.NetworkPolicy;
using Talon.Actors.Actionners.Kubernetes.Script;
using Talon.Actors.Actionners.Kubernetes.Sysdig;
using Talon.Actors.Actionners.Kubernetes.Tcpdump;
using Talon.Actors.Actionners.Kubernetes.Terminate;
using Talon.Actors.Contexts.Aws;
using Talon.Actors.Contexts.K8sNode;
using Talon.Actors.Notifiers.Elasticsearch;
using Talon.Actors.Notifiers.K8sEvents;
using Talon.Actors.Notifiers.Loki;
using Talon.Actors.Notifiers.Slack;
using Talon.Actors.Notifiers.Smtp;
using Talon.Actors.Notifiers.Webhook;
using Talon.Actors.Outputs.AwsS3;
using Talon.Actors.Outputs.GcpGcs;
using Talon.Actors.Outputs.LocalFile;
using Talon.Actors.Outputs.MinioS3;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Plugins;

/// <summary>The list of all plug-ins, written out: what is not here does not exist. Needs no client, so <c>rules check</c> can use it.</summary>
public sealed class PluginCatalog : IPluginCatalog
{
    private readonly ImmutableArray<ActionnerModule> _modules;
    private readonly FrozenDictionary<ActionnerName, ActionnerDescriptor> _byName;

    /// <summary>Makes a catalog of these modules.</summary>
    /// <param name="modules">The modules, in the order in which they are listed to users.</param>
    /// <exception cref="InvalidOperationException">Two have the same name: a fault of the program.</exception>
    public PluginCatalog(IEnumerable<ActionnerModule> modules)
    {
        _modules = [.. modules];
        var byName = new Dictionary<ActionnerName, ActionnerDescriptor>();
        foreach (var module in _modules)
        {
            if (!byName.TryAdd(module.Descriptor.Name, module.Descriptor))
            {
                throw new InvalidOperationException($"two actionners are called {module.Descriptor.Name}");
            }
        }

        _byName = byName.ToFrozenDictionary();
        Actionners = [.. _modules.Select(module => module.Descriptor)];
    }

    /// <summary>Everything that Talon ships. A new plug-in is one line here and one folder.</summary>
    public static PluginCatalog Default { get; } = new(
    [
        TerminateModule.Module,
        LabelModule.Module,
        AnnotationModule.Module,
        KubernetesNetworkPolicyModule.Module,
        ExecModule.Module,
        ScriptModule.Module,
        LogModule.Module,
        DeleteModule.Module,
        CordonModule.Module,
        DrainModule.Module,
        DownloadModule.Module,
        TcpdumpModule.Module,
        SysdigModule.Module,
        LambdaModule.Module,
        FunctionModule.Module,
        CalicoNetworkPolicyModule.Module,
        CiliumNetworkPolicyModule.Module,
    ])
    {
        Outputs =
        [
            LocalFileModule.Descriptor,
            MinioS3Module.Descriptor,
            AwsS3Module.Descriptor,
            GcpGcsModule.Descriptor,
        ],
        Notifiers =
        [
            K8sEventsModule.Descriptor,
            SlackModule.Descriptor,
            SmtpModule.Descriptor,
            WebhookModule.Descriptor,
            LokiModule.Descriptor,
            ElasticsearchModule.Descriptor,
        ],
        Contexts =
        [
            AwsModule.Descriptor,
            K8sNodeModule.Descriptor,
        ],
    };

    /// <inheritdoc/>
    public ImmutableArray<ActionnerDescriptor> Actionners { get; }

    /// <inheritdoc/>
    public ImmutableArray<OutputDescriptor> Outputs { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<NotifierDescriptor> Notifiers { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<ContextDescriptor> Contexts { get; init; } = [];

    /// <inheritdoc/>
    public ActionnerDescriptor? FindActionner(ActionnerName name) => _byName.GetValueOrDefault(name);

    /// <summary>Makes all actionners that are built, once a process.</summary>
    /// <param name="ports">What they are made of.</param>
    public ImmutableArray<IActionner> CreateActionners(ActionnerPorts ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        return [.. _modules.Select(module => module.Create?.Invoke(ports)).OfType<IActionner>()];
    }
}
