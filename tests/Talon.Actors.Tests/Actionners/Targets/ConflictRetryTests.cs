using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Targets;

public sealed class ConflictRetryTests
{
    private static readonly KubeError Modified = new(FailureKind.Conflict, "cannot patch it: 409 Conflict") { Code = 409, Reason = "Conflict" };

    [Theory]
    [InlineData(409, "Conflict", false, true)]
    [InlineData(409, "Conflict", true, false)]
    [InlineData(409, "AlreadyExists", false, false)]
    [InlineData(409, null, false, false)]
    [InlineData(422, "Invalid", true, false)]
    [InlineData(500, "Conflict", false, false)]
    public void Modified_OnlyAConflictAboutTheSameObject(int code, string? reason, bool replaced, bool modified) =>
        Assert.Equal(modified, new KubeError(FailureKind.Conflict, "") { Code = code, Reason = reason, Replaced = replaced }.Modified);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public async Task Run_FewerConflictsThanTries_EndsWithTheWrite(int conflicts)
    {
        var again = new List<bool>();

        var outcome = await new ConflictRetry(new HurriedClock(1000)).RunAsync("it", KubeOutcomes.NoObjects, repeated =>
        {
            again.Add(repeated);
            return Task.FromResult<WriteTry>(again.Count <= conflicts ? new WriteTry.Lost(Modified) : new WriteTry.Ended(new ActionOutcome.Succeeded("done", KubeOutcomes.NoObjects)));
        }, ActionnerRig.Scope());

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal([false, .. Enumerable.Repeat(true, conflicts)], again);
    }

    [Fact]
    public async Task Run_ConflictEachTime_IsAConflictAfterAllTries()
    {
        int tries = 0;

        var outcome = await new ConflictRetry(new HurriedClock(1000)).RunAsync("the node n", KubeOutcomes.NoObjects, _ =>
        {
            tries++;
            return Task.FromResult<WriteTry>(new WriteTry.Lost(Modified));
        }, ActionnerRig.Scope());

        Assert.Equal(ConflictRetry.MaxTries, tries);
        var failed = Assert.IsType<ActionOutcome.Failed>(outcome);
        Assert.Equal(
            (FailureKind.Conflict, "the node n was changed by others each of the 10 times it was to be written: cannot patch it: 409 Conflict"), (failed.Kind, failed.Reason));
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    public async Task Run_NoFurtherTryFitsBeforeTheDeadline_IsAConflict(int secondsATry, int expected)
    {
        var clock = new SteppedClock();
        int tries = 0;

        var outcome = await new ConflictRetry(clock, () => 0).RunAsync("the node n", KubeOutcomes.NoObjects, _ =>
        {
            tries++;
            clock.Advance(TimeSpan.FromSeconds(secondsATry));
            return Task.FromResult<WriteTry>(new WriteTry.Lost(Modified));
        }, new CallScope(clock, TimeSpan.FromSeconds(10.9), () => true, CancellationToken.None));

        Assert.Equal(expected, tries);
        var failed = Assert.IsType<ActionOutcome.Failed>(outcome);
        Assert.Equal(
            (FailureKind.Conflict, $"the node n was changed by others each of the {expected} times it was to be written: cannot patch it: 409 Conflict"),
            (failed.Kind, failed.Reason));
    }

    [Fact]
    public async Task Run_AttemptEndsInAPause_TriesNoMore()
    {
        using var stop = new CancellationTokenSource();
        var clock = new FakeTimeProvider();
        int tries = 0;
        var running = new ConflictRetry(clock).RunAsync("it", KubeOutcomes.NoObjects, _ =>
        {
            tries++;
            return Task.FromResult<WriteTry>(new WriteTry.Lost(Modified));
        }, ActionnerRig.Scope(token: stop.Token));
        Assert.False(running.IsCompleted);

        await stop.CancelAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await running.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(
            (FailureKind.NotSent, "it was changed by others when it was to be written, and the deadline came before the next try: cannot patch it: 409 Conflict"),
            (failed.Kind, failed.Reason));
        Assert.Equal(1, tries);
    }

    [Fact]
    public void Pause_GrowsAndIsBounded()
    {
        Assert.Equal(10, ConflictRetry.Pause(1, 0).TotalMilliseconds);
        Assert.InRange(ConflictRetry.Pause(1, 0.999).TotalMilliseconds, 15, 20);
        foreach (int tries in Enumerable.Range(1, 100))
        {
            Assert.InRange(ConflictRetry.Pause(tries, 0).TotalMilliseconds, 10, 250);
            Assert.True(ConflictRetry.Pause(tries, 0.999) <= TimeSpan.FromMilliseconds(500));
            Assert.True(ConflictRetry.Pause(tries, 0) <= ConflictRetry.Pause(tries + 1, 0));
        }
    }

    /// <summary>Stands still but for its own pauses, which take no real time.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => _now += by;

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                _now += dueTime;
            }

            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
