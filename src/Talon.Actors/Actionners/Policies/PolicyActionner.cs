using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>Puts a network policy around the workload of the pod. The vendors differ only in what they write.</summary>
internal abstract class PolicyActionner<TParameters>(
    ActionnerPorts ports, Func<ParameterMap, (TParameters Parameters, ImmutableArray<ParameterProblem> Problems)> read) : Actionner<TParameters>(read)
    where TParameters : class
{
    private readonly EgressPolicy _policy = new(
        ports.PodResolver,
        new WorkloadReader(ports.Kubernetes.Resources),
        new PolicyWriter(ports.Kubernetes.Resources, new KeyedLocks(), ports.ConflictRetry));

    /// <summary>
    /// None: the event does not say which workload it is, and a termination must not wait for a policy. Writes to one policy wait for
    /// each other in <see cref="PolicyWriter"/>.
    /// </summary>
    protected sealed override string? ExclusionKey(FalcoEvent falcoEvent, TParameters parameters) => null;

    protected sealed override async Task<Preparation> PrepareAsync(ActionRequest request, TParameters parameters, CallScope scope)
    {
        var (form, problem) = FormOf(request, parameters);
        return form is null ? new Preparation.Done(KubeOutcomes.Invalid(problem!)) : await _policy.PrepareAsync(request, form, scope);
    }

    protected sealed override async Task<ActionOutcome> RunAsync(ActionRequest request, TParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        var (form, problem) = FormOf(request, parameters);
        return form is null ? KubeOutcomes.Invalid(problem!) : await _policy.RunAsync(request, ready, form, scope);
    }

    /// <summary>The policy that an action asks for, or null and why there is none.</summary>
    protected abstract (IPolicyForm? Form, string? Problem) FormOf(ActionRequest request, TParameters parameters);
}
