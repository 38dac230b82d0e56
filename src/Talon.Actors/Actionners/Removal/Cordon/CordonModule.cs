using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Removal.Cordon;

/// <summary><c>kubernetes:cordon</c> as the catalog lists it.</summary>
internal static class CordonModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:cordon"),
            Description = "Marks the node of the pod as unschedulable: no new pod is put on it.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = true,
            Parameters = ParameterSchema.None,
            Example = ModuleResources.Read(typeof(CordonModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(CordonModule), "rbac.yaml"),
        },
        ports => new CordonActionner(
            new NodeCordon(ports.Kubernetes.Nodes, new ConflictRetry(ports.Clock)),
            new NodeResolver(ports.Kubernetes.Nodes, new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock))));
}
