using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Plugins;

/// <summary>
/// An actionner whose methods get its parameters read and checked. They are read once for each action, when it is first used. An action
/// with wrong parameters never reaches these methods: it ends as invalid when it is prepared.
/// </summary>
/// <param name="read">Reads parameters as written in a plan. Where it finds problems, the parameters mean nothing.</param>
internal abstract class Actionner<TParameters>(Func<ParameterMap, (TParameters Parameters, ImmutableArray<ParameterProblem> Problems)> read) : IActionner
    where TParameters : class
{
    /// <summary>The timeout of an attempt that asks for no time of its own.</summary>
    protected static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(30);

    // By reference, and only as long as the plan or the event that holds the action lives.
    private readonly ConditionalWeakTable<PlannedAction, Binding> _bindings = new();

    /// <inheritdoc/>
    public abstract ActionnerDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) => Bind(action).Parameters is { } parameters ? ExclusionKey(falcoEvent, parameters) : null;

    /// <inheritdoc/>
    public TimeSpan DefaultTimeout(PlannedAction action) => Bind(action).Parameters is { } parameters ? DefaultTimeout(parameters) : ShortTimeout;

    /// <inheritdoc/>
    public Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        var binding = Bind(request.Action);
        return binding.Parameters is { } parameters
            ? PrepareAsync(request, parameters, scope)
            : Task.FromResult<Preparation>(new Preparation.Done(binding.Failure!));
    }

    /// <inheritdoc/>
    public Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope)
    {
        var binding = Bind(request.Action);
        return binding.Parameters is { } parameters
            ? RunAsync(request, parameters, ready, scope)
            : Task.FromResult<ActionOutcome>(binding.Failure!);
    }

    /// <inheritdoc cref="IActionner.ExclusionKey"/>
    protected abstract string? ExclusionKey(FalcoEvent falcoEvent, TParameters parameters);

    /// <inheritdoc cref="IActionner.DefaultTimeout"/>
    protected virtual TimeSpan DefaultTimeout(TParameters parameters) => ShortTimeout;

    /// <inheritdoc cref="IActionner.PrepareAsync"/>
    protected abstract Task<Preparation> PrepareAsync(ActionRequest request, TParameters parameters, CallScope scope);

    /// <inheritdoc cref="IActionner.RunAsync"/>
    protected abstract Task<ActionOutcome> RunAsync(ActionRequest request, TParameters parameters, Preparation.Ready ready, CallScope scope);

    private Binding Bind(PlannedAction action) => _bindings.GetValue(action, one =>
    {
        var (parameters, problems) = read(one.Parameters);
        return problems.IsEmpty
            ? new Binding(parameters, null)
            : new Binding(null, new ActionOutcome.Failed(
                FailureKind.Invalid,
                string.Join("; ", problems.Select(problem => problem.Message)),
                ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)));
    });

    // Either is null.
    private sealed record Binding(TParameters? Parameters, ActionOutcome.Failed? Failure);
}
