namespace Talon.Cluster.Tests.Support;

/// <summary>A clock whose timers fire 2,000 times too soon.</summary>
internal sealed class FastClock : TimeProvider
{
    private const int Speed = 2_000;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Speed : dueTime, period > TimeSpan.Zero ? period / Speed : period);
}
