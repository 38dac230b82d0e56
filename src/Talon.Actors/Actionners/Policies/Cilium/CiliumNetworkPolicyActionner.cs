using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Policies.Cilium;

/// <summary><c>cilium:networkpolicy</c>: denies the workload of the pod the remote address of the event.</summary>
internal sealed class CiliumNetworkPolicyActionner(ActionnerPorts ports) : PolicyActionner<CiliumNetworkPolicyParameters>(ports, CiliumNetworkPolicyParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(CiliumNetworkPolicyActionner),
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
        },
        ports => new CiliumNetworkPolicyActionner(ports));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override (IPolicyForm? Form, string? Problem) FormOf(ActionRequest request, CiliumNetworkPolicyParameters parameters) =>
        RemoteAddress.TryRead(request.Event, out var denied, out string? problem) ? (new CiliumPolicyForm(denied, parameters.Allowances), null) : (null, problem);
}
