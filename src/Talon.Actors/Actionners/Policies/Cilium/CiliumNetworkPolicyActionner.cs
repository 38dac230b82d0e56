using Talon.Actors.Plugins;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Policies.Cilium;

/// <summary><c>cilium:networkpolicy</c>: denies the workload of the pod the remote address of the event.</summary>
internal sealed class CiliumNetworkPolicyActionner(ActionnerPorts ports) : PolicyActionner(ports)
{
    public override ActionnerDescriptor Descriptor => CiliumNetworkPolicyModule.Module.Descriptor;

    protected override (IPolicyForm? Form, string? Problem) FormOf(ActionRequest request)
    {
        var (parameters, problems) = CiliumNetworkPolicyParameters.Read(request.Action.Parameters);
        return !problems.IsEmpty ? (null, problems[0].Message)
            : RemoteAddress.TryRead(request.Event, out var denied, out string? problem) ? (new CiliumPolicyForm(denied, parameters.Allowances), null)
            : (null, problem);
    }
}
