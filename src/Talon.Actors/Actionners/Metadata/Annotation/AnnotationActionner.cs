using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Metadata.Annotation;

/// <summary><c>kubernetes:annotation</c>: sets and removes annotations of the pod of the event or of its node.</summary>
internal sealed class AnnotationActionner(MetadataPatch patch) : Actionner<AnnotationParameters>(AnnotationParameters.Read)
{
    private static readonly ImmutableSortedDictionary<string, string?> Untouched =
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    public static ActionnerModule Module { get; } = new(
        typeof(AnnotationActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:annotation"),
            Description = "Adds, changes and removes annotations of the pod or of its node.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = false,
            Parameters = AnnotationParameters.Schema,
        },
        ports => new AnnotationActionner(new MetadataPatch(
            ports.Kubernetes.Pods,
            ports.Kubernetes.Nodes,
            ports.PodResolver,
            ports.NodeResolver,
            new MetadataPatch.Words("annotations", "annotate", "annotated"),
            metadata => metadata.Annotations,
            (uid, annotations) => new MetadataChange(uid, Untouched, annotations),
            ports.ConflictRetry)));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override string? ExclusionKey(FalcoEvent falcoEvent, AnnotationParameters parameters) =>
        MetadataPatch.Key(falcoEvent, parameters.Level);

    protected override Task<Preparation> PrepareAsync(ActionRequest request, AnnotationParameters parameters, CallScope scope) =>
        patch.PrepareAsync(request, parameters.Level, parameters.Annotations, scope);

    protected override Task<ActionOutcome> RunAsync(ActionRequest request, AnnotationParameters parameters, Preparation.Ready ready, CallScope scope) =>
        patch.RunAsync(request, ready, parameters.Annotations, scope);
}
