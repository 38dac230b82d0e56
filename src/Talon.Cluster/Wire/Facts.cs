using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Cluster.Wire;

/// <summary>Something that happened to an event and is journalled by its bucket.</summary>
public interface IFact
{
    /// <summary>When it happened, UTC, milliseconds since 1970-01-01.</summary>
    long At { get; }
}

/// <summary>The facts of the journal. Their serialised form is kept readable for ever; see <c>TalonSerializer</c>.</summary>
public static class Facts
{
    /// <summary>The event is Talon's from now on. The sequence number of this fact is part of the event's identity.</summary>
    /// <param name="DeliveryId">The HTTP request that brought it.</param>
    /// <param name="EventId">The identity for the duplicate window.</param>
    /// <param name="TraceId">The id to follow it by, 32 hex digits.</param>
    /// <param name="Plan">What will be done about it.</param>
    public sealed record Accepted(DeliveryId DeliveryId, EventId EventId, string TraceId, EventPlan Plan, FalcoEvent Event, long At) : IFact;

    /// <summary>A fact about an event that was accepted before.</summary>
    public abstract record AboutEvent : IFact
    {
        private protected AboutEvent(long @event, long at)
        {
            Event = @event;
            At = at;
        }

        /// <summary>The sequence number of the event's <see cref="Accepted"/> fact.</summary>
        public long Event { get; }

        /// <inheritdoc/>
        public long At { get; }
    }

    /// <summary>An attempt is about to write. Committed before the write, so that no other node begins it.</summary>
    /// <param name="Position">The place of the action in the plan.</param>
    /// <param name="Attempt">The attempt, from 1.</param>
    /// <param name="Run">See <see cref="ActionKey.Run"/>.</param>
    /// <param name="Node">The address of the node that runs it.</param>
    /// <param name="Incarnation">The process that runs it: a new one for each start.</param>
    /// <param name="Target">The object it writes to; null when there is no single one.</param>
    /// <param name="TimeoutMs">After how many milliseconds, counted from before this fact, it gives up by itself.</param>
    public sealed record Started(
        long Event, int Position, int Attempt, int Run, string Node, string Incarnation, TargetRef? Target, long TimeoutMs, long At)
        : AboutEvent(Event, At);

    /// <summary>An action is over. The last one of an event is also the event's completion.</summary>
    /// <param name="Position">The place of the action in the plan.</param>
    /// <param name="Attempt">The attempt that ended it; 0 when none was made.</param>
    public sealed record Finished(long Event, int Position, int Attempt, ActionOutcome Outcome, long At) : AboutEvent(Event, At);

    /// <summary>An attempt failed and the action will be tried again.</summary>
    /// <param name="Position">The place of the action in the plan.</param>
    /// <param name="Attempt">The attempt that failed.</param>
    /// <param name="DelayMs">After how many milliseconds the next attempt may begin.</param>
    public sealed record RetryScheduled(
        long Event, int Position, int Attempt, FailureKind Kind, string Reason, long DelayMs, long At) : AboutEvent(Event, At);

    /// <summary>A recovered event is about to be worked on again by a new process.</summary>
    /// <param name="Incarnation">The process that goes on with it.</param>
    public sealed record Resumed(long Event, string Incarnation, long At) : AboutEvent(Event, At);
}
