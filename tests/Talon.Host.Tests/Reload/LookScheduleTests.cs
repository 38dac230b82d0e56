using Microsoft.Extensions.Time.Testing;
using Talon.Host.Reload;

namespace Talon.Host.Tests.Reload;

public sealed class LookScheduleTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LookSchedule _schedule;

    public LookScheduleTests() => _schedule = new LookSchedule(new RuleWatchOptions(), _time);

    [Fact]
    public void Next_NoSign_IsThePollAfter10Seconds()
    {
        Assert.Equal((TimeSpan.FromSeconds(10), LookReason.Poll), _schedule.Next());
        Advance(9.5);
        Assert.Equal((TimeSpan.FromSeconds(0.5), LookReason.Poll), _schedule.Next());
        Advance(0.5);
        Assert.Equal((TimeSpan.Zero, LookReason.Poll), _schedule.Next());

        _schedule.Begin();
        Assert.Equal((TimeSpan.FromSeconds(10), LookReason.Poll), _schedule.Next());
    }

    [Fact]
    public void Next_Signs_IsTheQuietPeriodAfterTheLastOne()
    {
        _schedule.Notice();
        Assert.Equal((TimeSpan.FromSeconds(0.5), LookReason.Change), _schedule.Next());
        Advance(0.4);
        _schedule.Notice();
        Assert.Equal((TimeSpan.FromSeconds(0.5), LookReason.Change), _schedule.Next());
        Advance(0.5);
        Assert.Equal((TimeSpan.Zero, LookReason.Change), _schedule.Next());
    }

    [Fact]
    public void Next_NeverQuiet_IsTenSecondsAfterTheFirstSign()
    {
        for (int i = 0; i < 49; i++)
        {
            _schedule.Notice();
            Assert.NotEqual(TimeSpan.Zero, _schedule.Next().Wait);
            Advance(0.2);
        }

        Assert.Equal((TimeSpan.FromSeconds(0.2), LookReason.Change), _schedule.Next());
        Advance(0.2);
        _schedule.Notice();
        Assert.Equal((TimeSpan.Zero, LookReason.Change), _schedule.Next());
    }

    [Fact]
    public void Next_SignDuringALook_CausesAnother()
    {
        _schedule.Notice();
        Advance(0.5);
        _schedule.Begin();
        _schedule.Notice();

        Assert.Equal((TimeSpan.FromSeconds(0.5), LookReason.Change), _schedule.Next());
    }

    [Fact]
    public async Task DueAsync_SignWhileItWaitsForThePoll_EndsAfterTheQuietPeriod()
    {
        var schedule = new LookSchedule(new RuleWatchOptions { Poll = TimeSpan.FromDays(1) }, _time);
        var due = schedule.DueAsync(CancellationToken.None);
        schedule.Notice();
        schedule.Notice();
        Assert.False(due.IsCompleted);

        // The waiting task takes the sign on a thread of its own: the clock goes on until it has.
        await Eventually.TrueAsync(
            () =>
            {
                Advance(0.001);
                return due.IsCompleted;
            },
            "the look is due");

        Assert.Equal(LookReason.Change, await due);
    }

    [Fact]
    public async Task DueAsync_NoSign_EndsWithThePoll()
    {
        var due = _schedule.DueAsync(CancellationToken.None);
        Advance(30);

        Assert.Equal(LookReason.Poll, await due.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task DueAsync_Cancelled_EndsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        var due = _schedule.DueAsync(stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => due.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
