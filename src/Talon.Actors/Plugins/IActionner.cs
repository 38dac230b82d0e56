using Talon.Actors.Clients.Calls;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Plugins;

/// <summary>
/// One kind of action. It works in two halves so that the write can be journalled before it happens: <see cref="PrepareAsync"/>
/// only reads, <see cref="RunAsync"/> writes. Expected failures are outcomes; an exception is a fault of the actionner and
/// ends the attempt as crashed. Instances are shared by all attempts and keep no state of one.
/// </summary>
public interface IActionner
{
    /// <summary>What is known of it before it runs.</summary>
    ActionnerDescriptor Descriptor { get; }

    /// <summary>
    /// The key of the object that the action writes to, computed from the event alone. Two actions of a node with the same key
    /// never overlap. Null: no exclusion.
    /// </summary>
    /// <param name="falcoEvent">The event.</param>
    /// <param name="action">The action.</param>
    string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action);

    /// <summary>How long one attempt may take when the action does not say: 30 s plus what its parameters ask for.</summary>
    /// <param name="action">The action.</param>
    TimeSpan DefaultTimeout(PlannedAction action);

    /// <summary>Reads what the action needs and decides whether it may go on. Writes nothing. Also all that a dry run does.</summary>
    /// <param name="request">The attempt.</param>
    /// <param name="scope">The leave to call.</param>
    Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope);

    /// <summary>Performs the write. <c>Started</c> with the target has been journalled.</summary>
    /// <param name="request">The attempt.</param>
    /// <param name="ready">What <see cref="PrepareAsync"/> found.</param>
    /// <param name="scope">The leave to call.</param>
    Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope);
}
