using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Removal.Terminate;

/// <summary><c>kubernetes:terminate</c> as the catalog lists it.</summary>
internal static class TerminateModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:terminate"),
            Description = "Terminates the pod.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = false,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = true,
            Parameters = TerminateParameters.Schema,
            Example = ModuleResources.Read(typeof(TerminateModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(TerminateModule), "rbac.yaml"),
        },
        ports => new TerminateActionner(
            ports.Kubernetes.Pods,
            new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock),
            new ReplicaGuard(ports.Kubernetes.Pods, ports.Kubernetes.PodControllers, ports.Guards),
            new ConflictRetry(ports.Clock)));
}
