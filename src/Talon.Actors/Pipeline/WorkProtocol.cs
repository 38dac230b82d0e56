using Akka.Actor;
using Talon.Actors.Pipeline.State;
using Talon.Actors.Plugins;
using Talon.Cluster.Wire;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Pipeline;

/// <summary>
/// The conversation inside one node about one action: bucket, EventActor, category, runner, outbox. None of it crosses
/// nodes, so none of it has a serialised form.
/// </summary>
internal static class WorkProtocol
{
    /// <summary>Messages that stay in the process.</summary>
    internal abstract record Local : INoSerializationVerificationNeeded;

    /// <summary>EventActor to bucket: journal this fact.</summary>
    internal sealed record WriteFact(Facts.AboutEvent Fact) : Local;

    /// <summary>EventActor to bucket: the action ends without (another) attempt.</summary>
    internal sealed record EndAction(ActionKey Key, ActionOutcome.Failed Outcome) : Local;

    /// <summary>Bucket to EventActor: this fact is committed, and so is this state.</summary>
    internal sealed record StateChanged(EventState State, IFact Fact) : Local;

    /// <summary>EventActor to category: I want to run this. Asking again changes nothing.</summary>
    internal sealed record RequestSlot(ActionKey Key, ActionnerName Actionner, bool LongLane, string? ExclusionKey, string Target) : Local;

    /// <summary>Category to EventActor: it is your turn. Answer with <see cref="Begin"/> or <see cref="Decline"/>.</summary>
    internal sealed record SlotGranted(ActionKey Key) : Local;

    /// <summary>
    /// Category to EventActor: your turn will come, but not soon, since the outside system does not answer or many wait before you. Go on
    /// with the other rules of the event.
    /// </summary>
    internal sealed record SlotHeld(ActionKey Key) : Local;

    /// <summary>EventActor to category: run it.</summary>
    internal sealed record Begin(ActionKey Key, ActionRequest Request, bool DryRun, TimeSpan Timeout) : Local;

    /// <summary>EventActor to category: I no longer want the slot, granted or not.</summary>
    internal sealed record Decline(ActionKey Key) : Local;

    /// <summary>Runner to EventActor: everything is read and in order; may I write?</summary>
    internal sealed record Prepared(ActionKey Key, TargetRef? Target) : Local;

    /// <summary>
    /// Runner to EventActor: what the action needs is not there yet (see <see cref="Preparation.Later"/>). The slot is given back; ask
    /// for it again in a moment.
    /// </summary>
    internal sealed record Postponed(ActionKey Key, string Reason) : Local;

    /// <summary>EventActor to runner: <c>Started</c> is committed, write.</summary>
    internal sealed record Go(ActionKey Key) : Local;

    /// <summary>Runner to category: everything is read; whether that reached the outside system, null when nothing was asked of it.</summary>
    internal sealed record AttemptReached(bool? Reached) : Local;

    /// <summary>Runner to category: the attempt is over; whether its last request reached the outside system, null when there was none.</summary>
    internal sealed record AttemptEnded(ActionKey Key, bool? Reached) : Local;

    /// <summary>Runner to category: I stopped before I wrote anything, because nobody wants me any more.</summary>
    internal sealed record Abandoned(ActionKey Key) : Local;

    /// <summary>Category to runner: the EventActor that asked for you is gone; stop unless you are writing.</summary>
    internal sealed record RequesterGone : Local;

    /// <summary>
    /// EventActor to its own node's category, and from there to the outbox: the journal says that this node has started this attempt;
    /// does anybody still know of it? Answered with <see cref="AttemptUnknown"/>, or not at all while it runs or its outcome is kept.
    /// </summary>
    internal sealed record AskAttempt(ActionKey Key) : Local;

    /// <summary>
    /// No runner of this node has that attempt and no outcome of it is kept: its runner was never told to write, unless the outbox has
    /// lost what it kept.
    /// </summary>
    internal sealed record AttemptUnknown(ActionKey Key, bool MayHaveRun) : Local;

    /// <summary>To the outbox: keep this until the bucket has confirmed it.</summary>
    internal sealed record Report(ActionKey Key, ActionOutcome Outcome) : Local;

    /// <summary>On the event stream: a category (re)started and knows of no request.</summary>
    internal sealed record CategoryStarted(string Category) : Local;

    /// <summary>To a category or the outbox: answer <see cref="Drained"/> when nothing is under way; grant no slot any more.</summary>
    internal sealed record Drain : Local;

    /// <summary>Nothing is under way.</summary>
    internal sealed record Drained : Local;
}
