using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Policies.Kubernetes;

/// <summary><c>kubernetes:networkpolicy</c>: isolates the workload of the pod but for what is allowed.</summary>
internal sealed class KubernetesNetworkPolicyActionner(ActionnerPorts ports) : PolicyActionner<KubernetesNetworkPolicyParameters>(ports, KubernetesNetworkPolicyParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(KubernetesNetworkPolicyActionner),
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
        },
        ports => new KubernetesNetworkPolicyActionner(ports));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override (IPolicyForm? Form, string? Problem) FormOf(ActionRequest request, KubernetesNetworkPolicyParameters parameters) =>
        (new KubernetesPolicyForm(parameters.Allowances), null);
}
