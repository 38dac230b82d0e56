using Talon.Actors.Plugins;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Policies.Kubernetes;

/// <summary><c>kubernetes:networkpolicy</c>: isolates the workload of the pod but for what is allowed.</summary>
internal sealed class KubernetesNetworkPolicyActionner(ActionnerPorts ports) : PolicyActionner(ports)
{
    public override ActionnerDescriptor Descriptor => KubernetesNetworkPolicyModule.Module.Descriptor;

    protected override (IPolicyForm? Form, string? Problem) FormOf(ActionRequest request)
    {
        var (parameters, problems) = KubernetesNetworkPolicyParameters.Read(request.Action.Parameters);
        return problems.IsEmpty ? (new KubernetesPolicyForm(parameters.Allowances), null) : (null, problems[0].Message);
    }
}
