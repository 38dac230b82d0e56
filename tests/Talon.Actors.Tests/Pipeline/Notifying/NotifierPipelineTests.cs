using System.Collections.Immutable;
using Akka.TestKit.Xunit2;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;

namespace Talon.Actors.Tests.Pipeline.Notifying;

/// <summary>How the records of one notifier end, and when it is called.</summary>
public sealed class NotifierPipelineTests : TestKit
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);

    // Waits as in use; the deadline is out of the reach of the jumps.
    private static readonly NotifyingOptions Real = new() { BatchWindow = TimeSpan.FromMilliseconds(20), Deadline = TimeSpan.FromHours(10) };
    private static readonly TimeSpan LongestJump = TimeSpan.FromHours(1);

    // Each wait has one more, so that rounding never ends it too early.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(100);

    private readonly JumpingClock _clock = new(Start);
    private readonly NotifyingRig _rig;

    public NotifierPipelineTests() => _rig = new NotifyingRig { Clock = _clock };

    protected override void AfterAll()
    {
        _rig.Dispose();
        base.AfterAll();
    }

    [Fact]
    public async Task Deliver_NeverWorks_EachIsGivenUpAtItsOwnAge()
    {
        var notifier = new FakeNotifier("one", 10) { Always = _ => new NotifyResult.Troubled("down") };
        var hub = StartHub(Real, notifier, DeliverySettings.All with { MaxAge = TimeSpan.FromMinutes(2) });

        hub.Notify(At(1, Start - TimeSpan.FromMinutes(1)), []);
        hub.Notify(At(2, Start), []);
        await AdvanceUntilAsync(() => _rig.Record("one dead") == 1);
        Assert.InRange(_clock.GetUtcNow() - Start, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1) + Late);
        await AdvanceUntilAsync(() => _rig.Record("one dead") == 2);
        Assert.InRange(_clock.GetUtcNow() - Start, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2) + Late);

        Assert.All(
            _rig.Lines.Where(line => line.Message == "notification"),
            line => Assert.Equal((LogLineLevel.Error, "given up: older than max_age, 2m; the last answer: down"), (line.Level, line.Error)));
        _rig.AssertEnds("one", 0, 0, 2);
        await hub.StopAsync();
    }

    [Fact]
    public async Task Deliver_Fails_TimeBetweenTriesGrowsToItsBoundAndStartsAgainAfterADelivery()
    {
        var calls = new List<TimeSpan>();
        bool works = false;
        var notifier = new FakeNotifier("one")
        {
            Always = _ =>
            {
                calls.Add(_clock.GetUtcNow() - Start);
                return works ? new NotifyResult.Delivered() : new NotifyResult.Troubled("down");
            },
        };
        var hub = StartHub(Real, notifier);

        hub.Notify(At(1, Start), []);
        await AdvanceUntilAsync(() => notifier.Calls == 9);
        double[] gaps = [.. calls.Zip(calls.Skip(1), (one, next) => (next - one).TotalSeconds)];
        double[] least = [0.5, 1, 2, 4, 8, 16, 30, 30];
        Assert.All(gaps.Zip(least, (gap, bound) => gap - bound), late => Assert.InRange(late, 0, 0.1));

        works = true;
        await AdvanceUntilAsync(() => _rig.Record("one delivered") == 1);
        works = false;
        int before = notifier.Calls;
        hub.Notify(At(2, _clock.GetUtcNow()), []);
        await AdvanceUntilAsync(() => notifier.Calls == before + 2);

        Assert.InRange((calls[^1] - calls[^2]).TotalSeconds, 0.5, 0.6);
        Assert.Equal(["does not deliver, and is tried again: down", "delivers again", "does not deliver, and is tried again: down"], _rig.Health);
        await StopAsync(hub);
        _rig.AssertEnds("one", 1, 0, 1);
    }

    [Theory]
    [InlineData(0, 0.4)]
    [InlineData(0.999, 0.6)]
    public async Task Deliver_Fails_WaitIsSpread(double jitter, double seconds)
    {
        using var rig = new NotifyingRig { Clock = _clock, Jitter = () => jitter };
        var notifier = new FakeNotifier("one") { Always = _ => new NotifyResult.Troubled("down") };
        var hub = rig.Start(Sys, Real, ["one"], notifier);

        hub.Notify(At(1, Start), []);
        await rig.UntilAsync(() => rig.Health.Any());
        await AdvanceUntilAsync(() => notifier.Calls == 2);

        Assert.InRange((_clock.GetUtcNow() - Start).TotalSeconds, seconds, seconds + 0.09);
        await StopAsync(hub);
    }

    [Fact]
    public async Task Deliver_IsAskedToComeBackLater_NothingIsSentBefore()
    {
        var notifier = new FakeNotifier("one");
        notifier.Answers.Enqueue(_ => new NotifyResult.Troubled("later", TimeSpan.FromMinutes(3)));
        var hub = StartHub(Real, notifier);

        hub.Notify(At(1, Start), []);
        hub.Notify(At(2, Start), []);
        await AdvanceUntilAsync(() => _rig.Record("one delivered") == 2);

        Assert.InRange(_clock.GetUtcNow() - Start, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3) + Late);
        Assert.Equal(3, notifier.Calls);
        await hub.StopAsync();
    }

    [Fact]
    public async Task Deliver_IsAskedToComeBackLaterThanItsAge_IsGivenUpAtItsAgeAndTheNextWaitsOn()
    {
        var notifier = new FakeNotifier("one");
        notifier.Answers.Enqueue(_ => new NotifyResult.Troubled("later", TimeSpan.FromMinutes(10)));
        var hub = StartHub(Real, notifier, DeliverySettings.All with { MaxAge = TimeSpan.FromMinutes(1) });

        hub.Notify(At(1, Start), []);
        await AdvanceUntilAsync(() => _rig.Record("one dead") == 1);
        Assert.InRange(_clock.GetUtcNow() - Start, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1) + Late);
        hub.Notify(At(2, Start + TimeSpan.FromMinutes(9.5)), []);
        await AdvanceUntilAsync(() => _rig.Record("one delivered") == 1);

        Assert.InRange(_clock.GetUtcNow() - Start, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10) + Late);
        Assert.Equal(2, notifier.Calls);
        await hub.StopAsync();
    }

    [Fact]
    public async Task Deliver_BatchWithOneThatIsRefused_OnlyThatOneIsGivenUp()
    {
        FakeNotifier notifier = null!;
        notifier = new FakeNotifier("one", 8)
        {
            Always = batch =>
            {
                if (batch.Any(record => record.EventKey.EndsWith("-5", StringComparison.Ordinal)))
                {
                    return new NotifyResult.Refused("too sour");
                }

                foreach (var record in batch)
                {
                    notifier.Delivered.Enqueue(record);
                }

                return new NotifyResult.Delivered();
            },
        };
        var hub = StartHub(Real with { BatchWindow = TimeSpan.FromSeconds(20) }, notifier);

        for (int i = 1; i <= 8; i++)
        {
            hub.Notify(At(i, Start), []);
        }

        await _rig.UntilAsync(() => _rig.Record("one delivered") == 7 && _rig.Record("one dead") == 1);

        // 8 are refused, then 1-4 are taken and 5-8 refused, then 5-6, 5 and 6, 7-8.
        Assert.Equal([8, 4, 4, 2, 1, 1, 2], notifier.Batches.Select(batch => batch.Length));
        Assert.Equal(7, notifier.Delivered.Distinct().Count());
        Assert.Equal("given up: too sour", Assert.Single(_rig.Lines, line => line.Level == LogLineLevel.Error).Error);
        await hub.StopAsync();
        _rig.AssertEnds("one", 7, 0, 1);
    }

    [Fact]
    public async Task Deliver_EndsPerRecord_OnlyWhatIsLeftIsSentAgain()
    {
        var notifier = new FakeNotifier("one", 3);
        notifier.Answers.Enqueue(_ => new NotifyResult.Troubled("some") { Ends = [RecordEnd.Refused, RecordEnd.Again, RecordEnd.Delivered] });
        var hub = StartHub(Real with { BatchWindow = TimeSpan.FromSeconds(20) }, notifier);

        for (int i = 1; i <= 3; i++)
        {
            hub.Notify(At(i, Start), []);
        }

        await AdvanceUntilAsync(() => _rig.Record("one delivered") == 2);

        Assert.EndsWith("-2", Assert.Single(notifier.Delivered).EventKey, StringComparison.Ordinal);
        await hub.StopAsync();
        _rig.AssertEnds("one", 2, 0, 1);
    }

    [Fact]
    public async Task Deliver_EveryRecordHasAnEnd_NothingIsSentAgain()
    {
        var notifier = new FakeNotifier("one", 2);
        notifier.Answers.Enqueue(_ => new NotifyResult.Troubled("one of two") { Ends = [RecordEnd.Refused, RecordEnd.Delivered] });
        var hub = StartHub(Real with { BatchWindow = TimeSpan.FromSeconds(20) }, notifier);

        hub.Notify(At(1, Start), []);
        hub.Notify(At(2, Start), []);
        await _rig.UntilAsync(() => _rig.Record("one dead") == 1);
        await hub.StopAsync();

        Assert.Equal(1, notifier.Calls);
        Assert.Empty(_rig.Health);
        _rig.AssertEnds("one", 1, 0, 1);
    }

    [Fact]
    public async Task Notify_RecordThatItDoesNotHearOf_IsNotCounted()
    {
        var notifier = new FakeNotifier("one");
        var hub = StartHub(Real, notifier, new DeliverySettings { NotifyOn = ["failure"] });

        hub.Notify(At(1, Start), []);
        hub.Notify(At(2, Start) with { Status = "failure" }, []);
        await _rig.UntilAsync(() => _rig.Record("one delivered") == 1);
        await hub.StopAsync();

        _rig.AssertEnds("one", 1, 0, 0);
    }

    [Fact]
    public async Task Stop_WhileItFails_EndsInTimeAndEveryRecordHasAnEnd()
    {
        var notifier = new FakeNotifier("one", 4) { Always = _ => new NotifyResult.Troubled("down") };
        var hub = StartHub(Real, notifier);
        for (int i = 0; i < 50; i++)
        {
            hub.Notify(At(i, Start), []);
        }

        await _rig.UntilAsync(() => notifier.Calls > 0);
        await StopAsync(hub);

        // The jumps leave the stream no time of its own to end in.
        await _rig.UntilAsync(() => _rig.HaveAllEnded("one"));
        Assert.Equal(50, _rig.Record("one told"));
        hub.Notify(At(99, Start), []);
        Assert.Equal(51, _rig.Record("one told"));
        Assert.True(_rig.HaveAllEnded("one"));
    }

    [Fact]
    public async Task Stop_WhileItHangs_EndsInTimeAndEveryRecordHasAnEnd()
    {
        var notifier = new FakeNotifier("one", 4) { Hangs = true };
        var hub = StartHub(Real with { QueueSize = 10 }, notifier);
        for (int i = 0; i < 50; i++)
        {
            hub.Notify(At(i, Start), []);
        }

        await _rig.UntilAsync(() => notifier.Calls > 0);
        await StopAsync(hub);

        await _rig.UntilAsync(() => _rig.HaveAllEnded("one"));
        Assert.Equal(1, notifier.Calls);
        Assert.Equal(50, _rig.Record("one told"));
    }

    private static Notification At(int number, DateTimeOffset at) => Notifications.Of(number) with { At = at };

    private NotificationHub StartHub(NotifyingOptions options, INotifier notifier, DeliverySettings? delivery = null) =>
        _rig.Start(Sys, options, ["one"], new ConfiguredNotifier(notifier, delivery ?? DeliverySettings.All));

    private Task AdvanceUntilAsync(Func<bool> condition) => _clock.JumpUntilAsync(condition, LongestJump, _rig.Told);

    private async Task StopAsync(NotificationHub hub)
    {
        var stopped = hub.StopAsync();
        await AdvanceUntilAsync(() => stopped.IsCompleted);
        await stopped;
    }
}
