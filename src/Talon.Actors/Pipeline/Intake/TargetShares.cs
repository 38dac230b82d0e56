namespace Talon.Actors.Pipeline.Intake;

/// <summary>
/// Who holds how much of an intake: events and their bytes, in all and by target, each with a limit. O(1) for each event, as large as
/// the number of targets that hold something. Not thread-safe.
/// </summary>
internal sealed class TargetShares
{
    private readonly int _maxEvents;
    private readonly int _maxEventsOfTarget;
    private readonly PipelineOptions _options;
    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);

    private TargetShares(int maxEvents, int maxEventsOfTarget, PipelineOptions options)
    {
        _maxEvents = maxEvents;
        _maxEventsOfTarget = maxEventsOfTarget;
        _options = options;
    }

    public int Events { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>How many targets hold something.</summary>
    public int Targets => _shares.Count;

    /// <summary>The intake of a bucket.</summary>
    public static TargetShares OfBucket(PipelineOptions options) => new(options.MaxUnfinishedEvents, options.MaxEventsOfTarget, options);

    /// <summary>
    /// What a node hands over to buckets, where only bytes are bounded, of all and of one target: how many wait for an answer depends on how
    /// long a bucket is away, and they are held for that long.
    /// </summary>
    public static TargetShares OfNode(PipelineOptions options) => new(int.MaxValue, int.MaxValue, options);

    /// <summary>Why one more event is refused: a constant of <see cref="RefusalCause"/>; null when there is room.</summary>
    public string? Refusal(string target, int bytes)
    {
        if (Events >= _maxEvents || Bytes + bytes > _options.MaxUnfinishedBytes)
        {
            return RefusalCause.Full;
        }

        // A target that holds nothing always gets in: the limits may be set so low that a tenth is less than one event.
        return _shares.TryGetValue(target, out var share) && (share.Events >= _maxEventsOfTarget || share.Bytes + bytes > _options.MaxBytesOfTarget)
            ? RefusalCause.TargetFull
            : null;
    }

    /// <summary>Counts an event, whether or not there is room: what was accepted before a restart is kept.</summary>
    public void Take(string target, int bytes)
    {
        var share = _shares.GetValueOrDefault(target);
        _shares[target] = new Share(share.Events + 1, share.Bytes + bytes);
        Events++;
        Bytes += bytes;
    }

    /// <summary>An event that was counted is there no longer.</summary>
    public void Return(string target, int bytes)
    {
        var share = _shares[target];
        if (share.Events == 1)
        {
            _shares.Remove(target);
        }
        else
        {
            _shares[target] = new Share(share.Events - 1, share.Bytes - bytes);
        }

        Events--;
        Bytes -= bytes;
    }

    private readonly record struct Share(int Events, long Bytes);
}
