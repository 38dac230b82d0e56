namespace Talon.Actors.Tests;

/// <summary>A clock that stands still until a test makes it jump to the next timer that is due: hours pass at once, and always in the same steps.</summary>
internal sealed class JumpingClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets the next timer fire.</summary>
    /// <param name="longest">Timers that are further away, such as deadlines, are left alone.</param>
    public void Jump(TimeSpan longest)
    {
        Timer? next;
        lock (_gate)
        {
            next = _timers.Where(timer => timer.Due <= _now + longest).MinBy(timer => timer.Due);
            if (next is null)
            {
                return;
            }

            _timers.Remove(next);
            _now = next.Due > _now ? next.Due : _now;
        }

        next.Fire();
    }

    /// <summary>Jumps, timer by timer, until something is true.</summary>
    /// <param name="what">What the failure says.</param>
    public Task JumpUntilAsync(Func<bool> condition, TimeSpan longest, Func<string> what) => Eventually.TrueAsync(
        async () =>
        {
            for (int i = 0; i < 100 && !condition(); i++)
            {
                Jump(longest);
                await Task.Yield();
            }

            return condition();
        },
        what);

    private sealed class Timer(JumpingClock clock, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime;
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
