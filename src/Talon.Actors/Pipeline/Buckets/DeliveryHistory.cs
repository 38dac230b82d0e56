using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Events;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>
/// What a bucket remembers beyond its unfinished events: deliveries, the duplicate window, and marks on the time line of the
/// journal. Plain data without actors; not thread-safe.
/// </summary>
public sealed class DeliveryHistory
{
    /// <summary>How long a delivery id is remembered. The ingress repeats one for 25 s at most.</summary>
    public static readonly TimeSpan DeliveryRetention = TimeSpan.FromHours(1);

    /// <summary>How long the delivery id of a duplicate is remembered: a little more than the 25 s for which it can be repeated.</summary>
    public static readonly TimeSpan DuplicateRetention = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many delivery ids are remembered at most. Above it the oldest go first; at 4,000 events a second in one bucket,
    /// more than a whole node takes, they would still outlive the 25 s for which one can be repeated.
    /// </summary>
    public const int MaxDeliveries = 100_000;

    /// <summary>How many events the duplicate window holds at most. Above it the oldest go first, and their repeats act again.</summary>
    public const int MaxWindow = 100_000;

    /// <summary>How many facts lie between two marks on the time line.</summary>
    public const int CheckpointInterval = 1_000;

    private readonly TimeSpan _window;
    private readonly Dictionary<DeliveryId, long> _deliveries = [];
    private readonly Queue<BucketSnapshot.Delivery> _deliveryOrder = new();
    private readonly Dictionary<DeliveryId, long> _duplicates = [];
    private readonly Queue<DeliveryId> _duplicateOrder = new();
    private readonly Dictionary<EventId, long> _seen = [];
    private readonly Queue<BucketSnapshot.Seen> _seenOrder = new();
    private readonly Queue<BucketSnapshot.Checkpoint> _checkpoints = new();
    private long _lastCheckpoint;

    /// <summary>Makes an empty memory.</summary>
    /// <param name="window">The duplicate window; zero switches it off.</param>
    public DeliveryHistory(TimeSpan window) => _window = window;

    /// <summary>How many accepted deliveries and events of the duplicate window are remembered.</summary>
    public int Remembered => _deliveries.Count + _seenOrder.Count;

    /// <summary>Up to which sequence number the journal has been cleaned.</summary>
    public long DeletedTo { get; private set; }

    /// <summary>The event of a known delivery; its sequence is 0 when it was a duplicate.</summary>
    public bool TryGetDelivery(DeliveryId id, out long sequence) => _deliveries.TryGetValue(id, out sequence) || _duplicates.ContainsKey(id);

    /// <summary>Remembers a delivery that was answered as a duplicate: in memory only, for as long as it can be repeated.</summary>
    /// <param name="now">Now, ms since 1970.</param>
    public void RememberDuplicate(DeliveryId id, long now)
    {
        if (_duplicates.TryAdd(id, now))
        {
            _duplicateOrder.Enqueue(id);
        }

        long oldest = now - (long)DuplicateRetention.TotalMilliseconds;
        while (_duplicateOrder.TryPeek(out var first) && (_duplicates[first] < oldest || _duplicateOrder.Count > MaxDeliveries))
        {
            _duplicates.Remove(_duplicateOrder.Dequeue());
        }
    }

    /// <summary>Remembers a delivery that was accepted.</summary>
    /// <param name="now">Now, ms since 1970.</param>
    public void RememberDelivery(DeliveryId id, long sequence, long now)
    {
        if (_deliveries.TryAdd(id, sequence))
        {
            _deliveryOrder.Enqueue(new BucketSnapshot.Delivery(id, sequence, now));
        }

        long oldest = now - (long)DeliveryRetention.TotalMilliseconds;
        while (_deliveryOrder.TryPeek(out var first) && (first.At < oldest || _deliveryOrder.Count > MaxDeliveries))
        {
            _deliveryOrder.Dequeue();
            _deliveries.Remove(first.Id);
        }
    }

    /// <summary>Whether the event was first accepted less than the duplicate window ago.</summary>
    /// <param name="now">Now, ms since 1970.</param>
    public bool IsDuplicate(EventId id, long now) =>
        _seen.TryGetValue(id, out long first) && Math.Abs(now - first) < (long)_window.TotalMilliseconds; // the clock of this node may be behind that of the owner before

    /// <summary>Opens the duplicate window of an event that was just accepted.</summary>
    /// <param name="at">When, ms since 1970.</param>
    public void OpenWindow(EventId id, long at)
    {
        if (_window > TimeSpan.Zero)
        {
            _seen[id] = at;
            _seenOrder.Enqueue(new BucketSnapshot.Seen(id, at));
        }

        long oldest = at - (long)_window.TotalMilliseconds;
        while (_seenOrder.TryPeek(out var first) && (first.At <= oldest || _seenOrder.Count > MaxWindow))
        {
            _seenOrder.Dequeue();
            if (_seen.TryGetValue(first.Id, out long current) && current == first.At)
            {
                _seen.Remove(first.Id);
            }
        }
    }

    /// <summary>Notes that a fact was written, so that the journal can be cleaned by age.</summary>
    /// <param name="at">When, ms since 1970.</param>
    public void Written(long sequence, long at)
    {
        if (sequence - _lastCheckpoint >= CheckpointInterval)
        {
            _lastCheckpoint = sequence;
            _checkpoints.Enqueue(new BucketSnapshot.Checkpoint(sequence, at));
        }
    }

    /// <summary>
    /// Up to which fact the journal may be deleted now: older than the retention or beyond the number kept, never what a snapshot
    /// still needs, and at most one interval a time. Null when there is nothing to delete.
    /// </summary>
    /// <param name="snapshotted">The last fact that the snapshot before the newest contains.</param>
    /// <param name="newest">The newest fact.</param>
    /// <param name="now">Now, ms since 1970.</param>
    public long? DeletableTo(long snapshotted, long newest, long now, TimeSpan retention, long maxFacts)
    {
        if (!_checkpoints.TryPeek(out var first)
            || first.Sequence > snapshotted
            || (now - first.At < (long)retention.TotalMilliseconds && newest - first.Sequence < maxFacts))
        {
            return null;
        }

        return first.Sequence;
    }

    /// <summary>Notes that the journal was deleted up to a fact.</summary>
    /// <param name="sequence">The last fact that is gone.</param>
    public void Deleted(long sequence)
    {
        DeletedTo = Math.Max(DeletedTo, sequence);
        while (_checkpoints.TryPeek(out var first) && first.Sequence <= DeletedTo)
        {
            _checkpoints.Dequeue();
        }
    }

    /// <summary>Everything, for a snapshot.</summary>
    public BucketSnapshot ToSnapshot(IEnumerable<EventState> unfinished)
    {
        return new BucketSnapshot(
            [.. _deliveryOrder],
            [.. _seenOrder],
            [.. unfinished.Select(e => new BucketSnapshot.Pending(e.Sequence, [.. e.History]))],
            [.. _checkpoints],
            DeletedTo);
    }

    /// <summary>Takes everything over from a snapshot into this empty memory.</summary>
    public void Restore(BucketSnapshot snapshot)
    {
        foreach (var delivery in snapshot.Deliveries)
        {
            _deliveries[delivery.Id] = delivery.Sequence;
            _deliveryOrder.Enqueue(delivery);
        }

        foreach (var seen in snapshot.Window)
        {
            _seen[seen.Id] = seen.At;
            _seenOrder.Enqueue(seen);
        }

        foreach (var checkpoint in snapshot.Checkpoints)
        {
            _checkpoints.Enqueue(checkpoint);
            _lastCheckpoint = checkpoint.Sequence;
        }

        DeletedTo = snapshot.DeletedTo;
        _lastCheckpoint = Math.Max(_lastCheckpoint, DeletedTo);
    }
}
