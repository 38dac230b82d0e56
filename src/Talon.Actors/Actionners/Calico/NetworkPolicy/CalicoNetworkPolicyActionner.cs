using Talon.Actors.Actionners.Shared;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Calico.NetworkPolicy;

/// <summary><c>calico:networkpolicy</c>: denies the workload of the pod the remote address of the event.</summary>
internal sealed class CalicoNetworkPolicyActionner(EgressPolicy policy) : IActionner
{
    public ActionnerDescriptor Descriptor => CalicoNetworkPolicyModule.Module.Descriptor;

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
        var (parameters, problems) = CalicoNetworkPolicyParameters.Read(request.Action.Parameters);
        return !problems.IsEmpty ? (null, problems[0].Message)
            : RemoteAddress.TryRead(request.Event, out var denied, out string? problem) ? (new CalicoPolicyForm(denied, parameters), null)
            : (null, problem);
    }
}
