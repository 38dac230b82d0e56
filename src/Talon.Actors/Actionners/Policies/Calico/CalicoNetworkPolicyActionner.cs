using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Policies.Calico;

/// <summary><c>calico:networkpolicy</c>: denies the workload of the pod the remote address of the event.</summary>
internal sealed class CalicoNetworkPolicyActionner(ActionnerPorts ports) : PolicyActionner<CalicoNetworkPolicyParameters>(ports, CalicoNetworkPolicyParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(CalicoNetworkPolicyActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("calico:networkpolicy"),
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
            Parameters = CalicoNetworkPolicyParameters.Schema,
        },
        ports => new CalicoNetworkPolicyActionner(ports));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override (IPolicyForm? Form, string? Problem) FormOf(ActionRequest request, CalicoNetworkPolicyParameters parameters) =>
        RemoteAddress.TryRead(request.Event, out var denied, out string? problem) ? (new CalicoPolicyForm(denied, parameters), null) : (null, problem);
}
