using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Kubernetes.Drain;

/// <summary><c>kubernetes:drain</c> as the catalog lists it.</summary>
internal static class DrainModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:drain"),
            Description = "Evicts the pods of the node that the pod runs on.",
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
        Create: null);
}
