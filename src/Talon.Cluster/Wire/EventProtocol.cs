using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Cluster.Wire;

/// <summary>The conversation between the ingress, the buckets and the places where actions run.</summary>
public static class EventProtocol
{
    /// <summary>Asks a bucket to accept an event. Answered by an <see cref="IngestReply"/>.</summary>
    /// <param name="Bucket">The bucket that the event id falls into.</param>
    /// <param name="DeliveryId">The identity of the HTTP request.</param>
    /// <param name="EventId">The identity of the event for the duplicate window.</param>
    /// <param name="TraceId">The id to follow the event by, 32 hex digits.</param>
    public sealed record Ingest(int Bucket, DeliveryId DeliveryId, EventId EventId, string TraceId, EventPlan Plan, FalcoEvent Event)
        : IBucketMessage;

    /// <summary>The answer to <see cref="Ingest"/>: a closed set.</summary>
    public abstract record IngestReply : IWireMessage
    {
        private IngestReply()
        {
        }

        /// <summary>The event is committed.</summary>
        /// <param name="Sequence">The sequence number of its <c>Accepted</c> fact.</param>
        public sealed record Accepted(long Sequence) : IngestReply;

        /// <summary>The same event was accepted within the duplicate window.</summary>
        public sealed record Duplicate : IngestReply
        {
            /// <summary>The only instance that is needed.</summary>
            public static Duplicate Instance { get; } = new();
        }

        /// <summary>The bucket does not take the event now.</summary>
        /// <param name="Cause">A short constant word: <c>full</c>, <c>target_full</c> or <c>draining</c>.</param>
        /// <param name="Reason">One line for the sender.</param>
        public sealed record Refused(string Cause, string Reason) : IngestReply;
    }

    /// <summary>Reports to a bucket how an attempt ended. Repeated until <see cref="OutcomeConfirmed"/> comes back.</summary>
    public sealed record ActionFinished(ActionKey Key, ActionOutcome Outcome) : IBucketMessage
    {
        /// <inheritdoc/>
        public int Bucket => Key.Bucket;
    }

    /// <summary>The outcome is journalled, or its event is already over: it need not be sent again.</summary>
    public sealed record OutcomeConfirmed(ActionKey Key) : IWireMessage;

    /// <summary>Makes sure that a bucket is awake, so that unfinished events go on after a restart or a move.</summary>
    public sealed record Wake(int Bucket) : IBucketMessage;

    /// <summary>Asks a bucket to finish its writes and stop, because its shard moves or its node leaves.</summary>
    public sealed record HandOff : IWireMessage
    {
        /// <summary>The only instance that is needed.</summary>
        public static HandOff Instance { get; } = new();
    }
}
