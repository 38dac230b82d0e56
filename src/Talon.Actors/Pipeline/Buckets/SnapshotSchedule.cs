using Akka.Event;
using Akka.Persistence;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>When a bucket makes a snapshot, and which facts it may delete behind it. Plain data without actors.</summary>
internal sealed class SnapshotSchedule(DeliveryHistory memory)
{
    private const int FactsPerSnapshot = 1_000;

    // An unfinished event is its whole body, some 1 KB; what is remembered of a finished one is some 50 bytes.
    private const int FactsPerUnfinished = 4;

    private long _newest;
    private long _before;
    private bool _deleting;

    /// <summary>How many facts were written since a snapshot was begun or recovered from, whether or not it could be saved.</summary>
    public long FactsSinceSnapshot { get; private set; }

    /// <summary>
    /// Whether a snapshot is due. It carries all that is remembered and all unfinished events; when they are many it is made less often, so
    /// that its cost per fact stays small.
    /// </summary>
    public bool IsSnapshotDue(int unfinished) =>
        FactsSinceSnapshot >= Math.Max(FactsPerSnapshot, Math.Max(memory.Remembered / 10, unfinished * FactsPerUnfinished));

    public void Written() => FactsSinceSnapshot++;

    public void SnapshotBegun() => FactsSinceSnapshot = 0;

    public void Restored(long sequence)
    {
        _newest = sequence;
        FactsSinceSnapshot = 0;
    }

    /// <summary>What to do after an answer of the journal or the snapshot store.</summary>
    /// <param name="last">The newest fact.</param>
    /// <param name="now">Now, ms since 1970.</param>
    /// <returns>Null when it is no such answer.</returns>
    public JournalUpkeep? Heard(object answer, long last, long now, PipelineOptions options)
    {
        switch (answer)
        {
            case SaveSnapshotSuccess saved:
                _before = _newest;
                _newest = saved.Metadata.SequenceNr;
                return new JournalUpkeep(NextToDelete(last, now, options), _before > 1 ? _before - 1 : null, null);
            case SaveSnapshotFailure failed:
                return new JournalUpkeep(null, null, $"a snapshot could not be saved: {failed.Cause.Message}");
            case DeleteMessagesSuccess deleted:
                _deleting = false;
                memory.Deleted(deleted.ToSequenceNr);
                return new JournalUpkeep(NextToDelete(last, now, options), null, null);
            case DeleteMessagesFailure failed:
                _deleting = false;
                return new JournalUpkeep(null, null, $"old facts could not be deleted: {failed.Cause.Message}");
            case DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                return new JournalUpkeep(null, null, null);
            default:
                return null;
        }
    }

    // One chunk at a time: a long delete would hold up the writes of all buckets.
    private long? NextToDelete(long last, long now, PipelineOptions options)
    {
        if (_deleting || memory.DeletableTo(_before, last, now, options.AuditRetention, options.MaxFactsPerBucket) is not { } deletable)
        {
            return null;
        }

        _deleting = true;
        return deletable;
    }
}

/// <summary>What a bucket does about its journal.</summary>
/// <param name="DeleteFactsTo">The last fact of the next chunk to delete; null when nothing may go.</param>
/// <param name="DeleteSnapshotsTo">The last sequence number of snapshots that are of no use any more; null when there are none.</param>
/// <param name="Warning">What could not be done; null when nothing failed.</param>
internal sealed record JournalUpkeep(long? DeleteFactsTo, long? DeleteSnapshotsTo, string? Warning)
{
    public void CarryOut(Eventsourced actor, ILoggingAdapter log)
    {
        if (Warning is not null)
        {
            log.Warning("{0}: {1}", actor.PersistenceId, Warning);
        }

        if (DeleteFactsTo is { } facts)
        {
            actor.DeleteMessages(facts);
        }

        if (DeleteSnapshotsTo is { } snapshots)
        {
            actor.DeleteSnapshots(new SnapshotSelectionCriteria(snapshots));
        }
    }
}
