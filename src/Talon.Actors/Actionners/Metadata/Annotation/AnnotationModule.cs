using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Metadata.Annotation;

/// <summary><c>kubernetes:annotation</c> as the catalog lists it.</summary>
internal static class AnnotationModule
{
    private static readonly ImmutableSortedDictionary<string, string?> Untouched =
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    public static ActionnerModule Module { get; } = new(
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
            Example = ModuleResources.Read(typeof(AnnotationModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(AnnotationModule), "rbac.yaml"),
        },
        ports => new AnnotationActionner(new MetadataPatch(
            ports.Kubernetes.Pods,
            ports.Kubernetes.Nodes,
            new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock),
            new NodeResolver(ports.Kubernetes.Nodes, new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock)),
            new MetadataPatch.Words("annotations", "annotate", "annotated"),
            metadata => metadata.Annotations,
            (uid, annotations) => new MetadataChange(uid, Untouched, annotations),
            new ConflictRetry(ports.Clock))));
}
