using Talon.Actors.Clients.Calls;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Plugins;

/// <summary>
/// One kind of action. It works in two halves so that the write can be journalled before it happens: <see cref="PrepareAsync"/>
/// only reads, <see cref="RunAsync"/> writes. Every call of a port takes the scope, and every wait its token. Expected failures are
/// outcomes; an exception is a bug of the actionner and ends the attempt as crashed. All attempts share one instance, so it keeps no
/// state of any.
/// </summary>
public interface IActionner
{
    /// <summary>What is known of it before it runs.</summary>
    ActionnerDescriptor Descriptor { get; }

    /// <summary>
    /// The key of the object that the action writes to, computed from the event alone. On one node two actions with the same key never
    /// overlap. Null for no exclusion.
    /// </summary>
    string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action);

    /// <summary>How long one attempt may take when the action does not say: 30 s plus what its parameters ask for.</summary>
    TimeSpan DefaultTimeout(PlannedAction action);

    /// <summary>Reads what the action needs and decides whether it may go on. Writes nothing: a dry run does this and no more.</summary>
    Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope);

    /// <summary>
    /// Performs the write, after <c>Started</c> with the target of <paramref name="ready"/> was journalled. An earlier attempt may have
    /// written already: see <see cref="ActionRequest.EarlierTarget"/>.
    /// </summary>
    Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope);
}
