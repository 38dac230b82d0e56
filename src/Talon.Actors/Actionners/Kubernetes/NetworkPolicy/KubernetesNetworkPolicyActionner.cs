using Talon.Actors.Actionners.Shared;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Kubernetes.NetworkPolicy;

/// <summary><c>kubernetes:networkpolicy</c>: isolates the workload of the pod but for what is allowed.</summary>
internal sealed class KubernetesNetworkPolicyActionner(EgressPolicy policy) : IActionner
{
    public ActionnerDescriptor Descriptor => KubernetesNetworkPolicyModule.Module.Descriptor;

    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) => EgressPolicy.NoExclusion;

    public TimeSpan DefaultTimeout(PlannedAction action) => TimeSpan.FromSeconds(30);

    public async Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        var (form, problem) = Form(request);
        return form is null ? new Preparation.Done(KubeOutcomes.Invalid(problem!)) : await policy.PrepareAsync(request, form, scope);
    }

    public async Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope)
    {
        var (form, problem) = Form(request);
        return form is null ? KubeOutcomes.Invalid(problem!) : await policy.RunAsync(ready, form, scope);
    }

    private static (IPolicyForm? Form, string? Problem) Form(ActionRequest request)
    {
        var (parameters, problems) = KubernetesNetworkPolicyParameters.Read(request.Action.Parameters);
        return problems.IsEmpty ? (new KubernetesPolicyForm(parameters.Allowances), null) : (null, problems[0].Message);
    }
}
