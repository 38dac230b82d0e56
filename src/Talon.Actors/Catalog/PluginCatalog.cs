using System.Collections.Frozen;
using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Contexts.Aws;
using Talon.Actors.Contexts.K8sNode;
using Talon.Actors.Notifiers.Elasticsearch;
using Talon.Actors.Notifiers.K8sEvents;
using Talon.Actors.Notifiers.Loki;
using Talon.Actors.Notifiers.Slack;
using Talon.Actors.Notifiers.Smtp;
using Talon.Actors.Notifiers.Webhook;
using Talon.Actors.Outputs;
using Talon.Actors.Outputs.AwsS3;
using Talon.Actors.Outputs.GcpGcs;
using Talon.Actors.Outputs.LocalFile;
using Talon.Actors.Outputs.MinioS3;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Captures = Talon.Actors.Actionners.Captures;
using Commands = Talon.Actors.Actionners.Commands;
using Functions = Talon.Actors.Actionners.Functions;
using Metadata = Talon.Actors.Actionners.Metadata;
using Policies = Talon.Actors.Actionners.Policies;
using Removal = Talon.Actors.Actionners.Removal;

namespace Talon.Actors.Catalog;

/// <summary>
/// The list of all plug-ins, without discovery: what is not here does not exist. Needs no client, so <c>rules check</c> can use it.
/// </summary>
public sealed class PluginCatalog : IPluginCatalog
{
    private readonly ImmutableArray<ActionnerModule> _modules;
    private readonly FrozenDictionary<ActionnerName, ActionnerDescriptor> _byName;

    /// <summary>Makes a catalog of these modules.</summary>
    /// <param name="modules">The modules, in the order in which they are listed to users.</param>
    /// <exception cref="InvalidOperationException">Two have the same name: a programming error.</exception>
    internal PluginCatalog(IEnumerable<ActionnerModule> modules)
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
        Removal.Terminate.TerminateActionner.Module,
        Metadata.Label.LabelActionner.Module,
        Metadata.Annotation.AnnotationActionner.Module,
        Policies.Kubernetes.KubernetesNetworkPolicyActionner.Module,
        Commands.Exec.ExecActionner.Module,
        Commands.Script.ScriptActionner.Module,
        Commands.Log.LogActionner.Module,
        Removal.Delete.DeleteActionner.Module,
        Removal.Cordon.CordonActionner.Module,
        Removal.Drain.DrainActionner.Module,
        Commands.Download.DownloadActionner.Module,
        Captures.Tcpdump.TcpdumpActionner.Module,
        Captures.Sysdig.SysdigActionner.Module,
        Functions.Lambda.LambdaActionner.Module,
        Functions.GcpFunction.FunctionActionner.Module,
        Policies.Calico.CalicoNetworkPolicyActionner.Module,
        Policies.Cilium.CiliumNetworkPolicyActionner.Module,
    ])
    {
        OutputModules =
        [
            LocalFileModule.Module,
            MinioS3Module.Module,
            AwsS3Module.Module,
            GcpGcsOutput.Module,
        ],
        NotifierModules =
        [
            K8sEventsModule.Module,
            SlackModule.Module,
            SmtpModule.Module,
            WebhookModule.Module,
            LokiModule.Module,
            ElasticsearchModule.Module,
        ],
        ContextModules =
        [
            AwsModule.Module,
            K8sNodeModule.Module,
        ],
    };

    /// <inheritdoc/>
    public ImmutableArray<ActionnerDescriptor> Actionners { get; }

    /// <inheritdoc/>
    public ImmutableArray<OutputDescriptor> Outputs => [.. OutputModules.Select(module => module.Descriptor)];

    /// <inheritdoc/>
    public ImmutableArray<NotifierDescriptor> Notifiers => [.. NotifierModules.Select(module => module.Descriptor)];

    /// <inheritdoc/>
    public ImmutableArray<ContextDescriptor> Contexts => [.. ContextModules.Select(module => module.Descriptor)];

    /// <summary>The outputs, in the order in which they are listed to users.</summary>
    internal ImmutableArray<OutputModule> OutputModules { get; init; } = [];

    /// <summary>The notifiers, in the order in which they are listed to users.</summary>
    internal ImmutableArray<NotifierModule> NotifierModules { get; init; } = [];

    /// <summary>The additional contexts, in the order in which they are listed to users.</summary>
    internal ImmutableArray<ContextModule> ContextModules { get; init; } = [];

    /// <inheritdoc/>
    public ActionnerDescriptor? FindActionner(ActionnerName name) => _byName.GetValueOrDefault(name);

    /// <summary>Makes all actionners that are built, once a process.</summary>
    public ImmutableArray<IActionner> CreateActionners(PluginPorts ports)
    {
        var own = new ActionnerPorts(ports);
        return [.. _modules.Select(module => module.Create?.Invoke(own)).OfType<IActionner>()];
    }

    /// <summary>Makes all outputs that are built, by name, once a process. What processes that are gone have left in the spool is deleted.</summary>
    public FrozenDictionary<string, IOutput> CreateOutputs(OutputPorts ports)
    {
        ports.ArtifactSpool.Clear();
        return OutputModules
            .Where(module => module.Create is not null)
            .ToFrozenDictionary(module => module.Descriptor.Name, module => module.Create!(ports), StringComparer.Ordinal);
    }

    /// <summary>Makes the notifiers that are built and have the settings that they need, once a process.</summary>
    /// <param name="settingsOf">The settings of a notifier, with the texts of files in place, by its name.</param>
    public ImmutableArray<ConfiguredNotifier> CreateNotifiers(PluginPorts ports, Func<string, ParameterMap> settingsOf) =>
    [
        .. NotifierModules
            .Select(module => (Module: module, Settings: settingsOf(module.Descriptor.Name)))
            .Where(each => each.Module.Descriptor.Settings.Bind(each.Settings).Problems.IsEmpty)
            .Select(each => each.Module.Make(ports, each.Settings))
            .OfType<ConfiguredNotifier>(),
    ];

    /// <summary>Makes all additional contexts that are built, by name, once a process.</summary>
    public FrozenDictionary<string, IContext> CreateContexts(PluginPorts ports)
    {
        var pods = new ActionnerPorts(ports).PodResolver;
        return ContextModules
            .Where(module => module.Create is not null)
            .ToFrozenDictionary(module => module.Descriptor.Name, module => module.Create!(ports, pods), StringComparer.Ordinal);
    }
}
