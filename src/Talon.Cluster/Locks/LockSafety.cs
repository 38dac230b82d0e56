namespace Talon.Cluster.Locks;

/// <summary>
/// What makes locks safe in a cluster of several nodes. Told by <see cref="FreezeWatch"/>, asked by the locks.
/// <para>
/// Nothing is granted while this node does not reach more than half of the members: the other side may be the one that goes on,
/// with locks of its own. Nor while this process cannot know whether it was frozen and taken out of the cluster meanwhile: its
/// membership looks fine for a moment after it wakes up. What was granted before either runs out before the other side has
/// decided, waited for <c>stable-after</c> and sat out its own quarantine.
/// </para>
/// </summary>
internal sealed class LockSafety : ILockSafety
{
    /// <summary>How often the watch shows that the process runs.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>A longer gap between two beats counts as a freeze. Below the heartbeat pause of the failure detector (5 s).</summary>
    public static readonly TimeSpan Freeze = TimeSpan.FromSeconds(3);

    /// <summary>After a freeze: time for the failure detector, which checks every second, to find out who is still there.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    /// <summary>How much later than a lock is made the loss that made it necessary may become known here.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromSeconds(5);

    private const int MaxLosses = 64;

    private readonly Func<bool> _seesMajority;
    private readonly Lock _lock = new();
    private readonly Queue<TimeSpan> _losses = new();
    private TimeSpan _lastBeat;
    private TimeSpan _frozenUntil = TimeSpan.MinValue;
    private TimeSpan? _joined;

    /// <param name="started">When the watch started, monotonic.</param>
    /// <param name="seesMajority">Whether this node is a member and reaches more than half of them, now.</param>
    public LockSafety(TimeSpan started, Func<bool> seesMajority)
    {
        _lastBeat = started;
        _seesMajority = seesMajority;
    }

    /// <summary>This node has become a member.</summary>
    public void Joined(TimeSpan now)
    {
        lock (_lock)
        {
            _joined = now;
        }
    }

    /// <summary>The process runs.</summary>
    public void Beats(TimeSpan now)
    {
        lock (_lock)
        {
            if (now - _lastBeat > Freeze)
            {
                _frozenUntil = now + Recovery;
            }

            _lastBeat = now;
        }
    }

    /// <summary>A member was lost: it did not leave by itself, and its locks handed nothing over.</summary>
    public void Lost(TimeSpan now)
    {
        lock (_lock)
        {
            _losses.Enqueue(now);
            while (_losses.Count > MaxLosses)
            {
                _losses.Dequeue();
            }
        }
    }

    public bool MayGrant(TimeSpan now)
    {
        lock (_lock)
        {
            if (now - _lastBeat > Freeze || now < _frozenUntil)
            {
                return false;
            }
        }

        return _seesMajority();
    }

    public TimeSpan QuarantineEnd(TimeSpan made)
    {
        lock (_lock)
        {
            // Before it joined, this node could not see who was lost.
            return _joined is { } joined
                ? _losses.Where(loss => loss <= made + Lag).Append(joined).Max() + LockTimes.Quarantine
                : TimeSpan.MaxValue;
        }
    }
}
