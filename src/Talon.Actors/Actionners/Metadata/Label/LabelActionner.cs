using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Metadata.Label;

/// <summary><c>kubernetes:label</c>: sets and removes labels of the pod of the event or of its node.</summary>
internal sealed class LabelActionner(MetadataPatch patch) : Actionner<LabelParameters>(LabelParameters.Read)
{
    private static readonly ImmutableSortedDictionary<string, string?> Untouched =
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    public static ActionnerModule Module { get; } = new(
        typeof(LabelActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:label"),
            Description = "Adds, changes and removes labels of the pod or of its node.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = false,
            Parameters = LabelParameters.Schema,
        },
        ports => new LabelActionner(new MetadataPatch(
            ports.Kubernetes.Pods,
            ports.Kubernetes.Nodes,
            ports.PodResolver,
            ports.NodeResolver,
            new MetadataPatch.Words("labels", "label", "labelled"),
            metadata => metadata.Labels,
            (uid, labels) => new MetadataChange(uid, labels, Untouched),
            ports.ConflictRetry)));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override string? ExclusionKey(FalcoEvent falcoEvent, LabelParameters parameters) =>
        MetadataPatch.Key(falcoEvent, parameters.Level);

    protected override Task<Preparation> PrepareAsync(ActionRequest request, LabelParameters parameters, CallScope scope) =>
        patch.PrepareAsync(request, parameters.Level, parameters.Labels, scope);

    protected override Task<ActionOutcome> RunAsync(ActionRequest request, LabelParameters parameters, Preparation.Ready ready, CallScope scope) =>
        patch.RunAsync(request, ready, parameters.Labels, scope);
}
