using System.Collections.Immutable;
using Talon.Rules.Events;

namespace Talon.Cluster.Wire;

/// <summary>Everything a bucket remembers, as it is saved now and then so that a restart need not replay the whole journal.</summary>
/// <param name="Deliveries">The delivery ids remembered, oldest first.</param>
/// <param name="Window">When each event of the duplicate window was first accepted, oldest first.</param>
/// <param name="Unfinished">The facts of each unfinished event, in order; the first is its <c>Accepted</c>.</param>
/// <param name="Checkpoints">Sequence numbers with the time they were written, oldest first, for the clean-up of the journal by age.</param>
/// <param name="DeletedTo">Up to which sequence number the journal has been cleaned.</param>
public sealed record BucketSnapshot(
    ImmutableArray<BucketSnapshot.Delivery> Deliveries,
    ImmutableArray<BucketSnapshot.Seen> Window,
    ImmutableArray<BucketSnapshot.Pending> Unfinished,
    ImmutableArray<BucketSnapshot.Checkpoint> Checkpoints,
    long DeletedTo)
{
    /// <summary>One remembered delivery.</summary>
    /// <param name="Sequence">The event's sequence number.</param>
    /// <param name="At">When, ms since 1970.</param>
    public readonly record struct Delivery(DeliveryId Id, long Sequence, long At);

    /// <summary>One event of the duplicate window.</summary>
    /// <param name="At">When it was first accepted, ms since 1970.</param>
    public readonly record struct Seen(EventId Id, long At);

    /// <summary>One unfinished event.</summary>
    /// <param name="Sequence">The sequence number of its <c>Accepted</c> fact.</param>
    public sealed record Pending(long Sequence, ImmutableArray<IFact> Facts);

    /// <summary>One mark on the time line of the journal.</summary>
    /// <param name="At">When it was written, ms since 1970.</param>
    public readonly record struct Checkpoint(long Sequence, long At);
}
