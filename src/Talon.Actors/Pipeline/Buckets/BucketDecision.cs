using Akka.Actor;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>What a bucket does with a message.</summary>
internal abstract record BucketDecision
{
    private BucketDecision()
    {
    }

    /// <summary>
    /// Nothing: it is for the next owner of the bucket, comes again, or comes too late, of which its sender learns from the next fact.
    /// </summary>
    public sealed record Ignore : BucketDecision;

    /// <summary>Answer the sender now.</summary>
    public sealed record Answer(object Reply) : BucketDecision;

    /// <summary>Answer that the event is a duplicate, and the same if this delivery is repeated.</summary>
    public sealed record Duplicate(DeliveryId Delivery) : BucketDecision;

    /// <summary>The same delivery or the same event is being written: answer when that is committed.</summary>
    public sealed record Join(EventProtocol.Ingest Ingest) : BucketDecision;

    /// <summary>Write that an event is accepted, and answer then.</summary>
    public sealed record Accept(EventProtocol.Ingest Ingest, Facts.Accepted Fact) : BucketDecision;

    /// <summary>Write how an attempt ended, and confirm it then.</summary>
    public sealed record End(ActionKey Key, Facts.AboutEvent Fact) : BucketDecision;

    /// <summary>Write any other fact about an event.</summary>
    public sealed record Write(Facts.AboutEvent Fact) : BucketDecision;
}

/// <summary>What follows from a fact that is committed.</summary>
/// <param name="State">Its event after the fact; null when the event was over before.</param>
/// <param name="Replies">The answers that waited for it.</param>
internal sealed record BucketCommit(EventState? State, IReadOnlyList<(IActorRef To, object Reply)> Replies);

/// <summary>What is being written about an action.</summary>
internal abstract record ActionWrite
{
    private ActionWrite()
    {
    }

    /// <summary>That this run of its next attempt starts.</summary>
    public sealed record Starting(int Run) : ActionWrite;

    /// <summary>How an attempt ended; its sender waits for the confirmation.</summary>
    public sealed record Ending(ActionKey Key, IActorRef Asker) : ActionWrite;
}
