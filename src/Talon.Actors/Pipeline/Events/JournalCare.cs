namespace Talon.Actors.Pipeline.Events;

/// <summary>When a bucket makes a snapshot, and which facts it may delete behind it. Plain data without actors.</summary>
internal sealed class JournalCare(BucketMemory memory)
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

    /// <summary>A snapshot is saved.</summary>
    /// <returns>The last sequence number of older snapshots that are of no use any more; null when there are none.</returns>
    public long? Saved(long sequence)
    {
        _before = _newest;
        _newest = sequence;
        return _before > 1 ? _before - 1 : null;
    }

    /// <summary>The last fact of the next chunk to delete; null when nothing may go, or a chunk is going. One chunk at a time: a long delete would hold up the writes of all buckets.</summary>
    public long? NextToDelete(long last, long now, PipelineOptions options)
    {
        if (_deleting || memory.DeletableTo(_before, last, now, options.AuditRetention, options.MaxFactsPerBucket) is not { } deletable)
        {
            return null;
        }

        _deleting = true;
        return deletable;
    }

    /// <summary>The chunk is deleted, up to that fact, or could not be: null.</summary>
    public void Deleted(long? to)
    {
        _deleting = false;
        if (to is { } sequence)
        {
            memory.Deleted(sequence);
        }
    }
}
