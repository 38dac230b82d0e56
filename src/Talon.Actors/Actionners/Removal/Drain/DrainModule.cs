using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Removal.Drain;

/// <summary><c>kubernetes:drain</c> as the catalog lists it.</summary>
internal static class DrainModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:drain"),
            Description = "Cordons the node that the pod runs on and evicts its pods.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = true,
            Destructive = true,
            Parameters = DrainParameters.Schema,
            Example = ModuleResources.Read(typeof(DrainModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(DrainModule), "rbac.yaml"),
        },
        ports =>
        {
            var kubernetes = ports.Kubernetes;
            return new DrainActionner(
                kubernetes.Pods,
                kubernetes.Nodes,
                new NodeResolver(kubernetes.Nodes, new PodResolver(kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock)),
                new ReplicaGuard(kubernetes.Pods, kubernetes.PodControllers, ports.Guards),
                ports.ProtectedNamespaces,
                ports.Clock,
                ports.Log);
        });
}
