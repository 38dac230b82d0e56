using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>Puts a network policy around the workload of the pod. Those of the vendors differ in what they write, and in nothing else.</summary>
/// <param name="ports">The ports.</param>
/// <param name="read">Reads parameters as written in a plan.</param>
internal abstract class PolicyActionner<TParameters>(
    PluginPorts ports, Func<ParameterMap, (TParameters Parameters, ImmutableArray<ParameterProblem> Problems)> read) : Actionner<TParameters>(read)
    where TParameters : class
{
    private readonly EgressPolicy _policy = new(
        ports.PodResolver,
        new WorkloadReader(ports.Kubernetes.Resources),
        new PolicyWriter(ports.Kubernetes.Resources, new KeyedLocks(), ports.ConflictRetry));

    /// <summary>
    /// None: which workload it is stands not in the event, and a termination does not wait for a policy. Writes to one policy wait for
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

    /// <summary>What an action asks for. Null, and why that cannot be had.</summary>
    /// <param name="request">The action and its event.</param>
    /// <param name="parameters">Its parameters.</param>
    protected abstract (IPolicyForm? Form, string? Problem) FormOf(ActionRequest request, TParameters parameters);
}
