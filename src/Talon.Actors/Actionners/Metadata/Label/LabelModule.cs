using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Metadata.Label;

/// <summary><c>kubernetes:label</c> as the catalog lists it.</summary>
internal static class LabelModule
{
    private static readonly ImmutableSortedDictionary<string, string?> Untouched =
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    public static ActionnerModule Module { get; } = new(
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
            Example = ModuleResources.Read(typeof(LabelModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(LabelModule), "rbac.yaml"),
        },
        ports => new LabelActionner(new MetadataPatch(
            ports.Kubernetes.Pods,
            ports.Kubernetes.Nodes,
            new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock),
            new NodeResolver(ports.Kubernetes.Nodes, new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock)),
            new MetadataPatch.Words("labels", "label", "labelled"),
            metadata => metadata.Labels,
            (uid, labels) => new MetadataChange(uid, labels, Untouched),
            new ConflictRetry(ports.Clock))));
}
