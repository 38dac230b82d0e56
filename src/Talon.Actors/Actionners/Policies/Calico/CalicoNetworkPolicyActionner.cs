using Talon.Actors.Plugins;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Policies.Calico;

/// <summary><c>calico:networkpolicy</c>: denies the workload of the pod the remote address of the event.</summary>
internal sealed class CalicoNetworkPolicyActionner(ActionnerPorts ports) : PolicyActionner(ports)
{
    public override ActionnerDescriptor Descriptor => CalicoNetworkPolicyModule.Module.Descriptor;

    protected override (IPolicyForm? Form, string? Problem) FormOf(ActionRequest request)
    {
        var (parameters, problems) = CalicoNetworkPolicyParameters.Read(request.Action.Parameters);
        return !problems.IsEmpty ? (null, problems[0].Message)
            : RemoteAddress.TryRead(request.Event, out var denied, out string? problem) ? (new CalicoPolicyForm(denied, parameters), null)
            : (null, problem);
    }
}
