using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Policies;

/// <summary>Puts a network policy around the workload of the pod. Those of the vendors differ in what they write, and in nothing else.</summary>
/// <param name="ports">The ports.</param>
internal abstract class PolicyActionner(ActionnerPorts ports) : IActionner
{
    private readonly EgressPolicy _policy = new(
        new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock),
        new WorkloadReader(ports.Kubernetes.Resources),
        new PolicyWriter(ports.Kubernetes.Resources, new KeyedLocks(), new ConflictRetry(ports.Clock)));

    /// <inheritdoc/>
    public abstract ActionnerDescriptor Descriptor { get; }

    /// <summary>
    /// None: which workload it is stands not in the event, and a termination does not wait for a policy. Writes to one policy wait for
    /// each other in <see cref="PolicyWriter"/>.
    /// </summary>
    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) => null;

    /// <inheritdoc/>
    public TimeSpan DefaultTimeout(PlannedAction action) => TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        var (form, problem) = FormOf(request);
        return form is null ? new Preparation.Done(KubeOutcomes.Invalid(problem!)) : await _policy.PrepareAsync(request, form, scope);
    }

    /// <inheritdoc/>
    public async Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope)
    {
        var (form, problem) = FormOf(request);
        return form is null ? KubeOutcomes.Invalid(problem!) : await _policy.RunAsync(request, ready, form, scope);
    }

    /// <summary>What an action asks for. Null, and why that cannot be had.</summary>
    /// <param name="request">The action and its event.</param>
    protected abstract (IPolicyForm? Form, string? Problem) FormOf(ActionRequest request);
}
