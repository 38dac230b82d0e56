using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Policies.Kubernetes;

/// <summary><c>kubernetes:networkpolicy</c> as the catalog lists it.</summary>
internal static class KubernetesNetworkPolicyModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:networkpolicy"),
            Description = "Isolates the workload of the pod: a network policy forbids all egress but what is listed.",
            Sources = ["syscall"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = false,
            LongRunning = false,
            Destructive = true,
            Parameters = KubernetesNetworkPolicyParameters.Schema,
            Example = ModuleResources.Read(typeof(KubernetesNetworkPolicyModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(KubernetesNetworkPolicyModule), "rbac.yaml"),
        },
        ports => new KubernetesNetworkPolicyActionner(ports));
}
