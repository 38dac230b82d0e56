using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Policies.Cilium;

/// <summary><c>cilium:networkpolicy</c> as the catalog lists it.</summary>
internal static class CiliumNetworkPolicyModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("cilium:networkpolicy"),
            Description = "Forbids the workload of the pod to reach the remote address of the event; other egress only as far as it is listed.",
            Sources = ["syscall"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name", "fd.rip or fd.sip"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = false,
            LongRunning = false,
            Destructive = true,
            Parameters = CiliumNetworkPolicyParameters.Schema,
            Example = ModuleResources.Read(typeof(CiliumNetworkPolicyModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(CiliumNetworkPolicyModule), "rbac.yaml"),
        },
        ports => new CiliumNetworkPolicyActionner(ports));
}
