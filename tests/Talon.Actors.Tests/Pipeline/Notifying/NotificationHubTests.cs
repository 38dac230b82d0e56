using Akka.TestKit.Xunit2;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;

namespace Talon.Actors.Tests.Pipeline.Notifying;

public sealed class NotificationHubTests : TestKit
{
    private static readonly NotifyingOptions Patient = NotifyingRig.Patient;

    private readonly NotifyingRig _rig = new();

    protected override void AfterAll()
    {
        _rig.Dispose();
        base.AfterAll();
    }

    [Fact]
    public async Task Notify_DefaultsAndRule_TellEachOnceWhateverTheCase()
    {
        var one = new FakeNotifier("one");
        var two = new FakeNotifier("two");
        var hub = Start(Patient, ["One"], one, two);

        hub.Notify(Notifications.Now(1), ["ONE", "Two", "two"]);
        await hub.StopAsync();

        Assert.Single(one.Delivered);
        Assert.Single(two.Delivered);
        Assert.Equal(1, _rig.Counts["one success"]);
        Assert.All(_rig.Lines, line => Assert.Equal(("notification", "success"), (line.Message, line.Status)));
    }

    [Fact]
    public async Task Notify_UnknownNotifier_IsCountedAndToldOnce()
    {
        var hub = Start(Patient, []);

        hub.Notify(Notifications.Now(1), ["pager"]);
        hub.Notify(Notifications.Now(2), ["Pager"]);
        await hub.StopAsync();

        Assert.Equal("pager", Assert.Single(_rig.Lines).Notifier);
        Assert.Equal(2, _rig.Counts.Where(count => count.Key.EndsWith(" failure", StringComparison.Ordinal)).Sum(count => count.Value));
    }

    [Fact]
    public async Task Deliver_FailsTwiceThenWorks_IsRepeatedWithWhatIsLeft()
    {
        var notifier = new FakeNotifier("one", 10);
        notifier.Answers.Enqueue(_ => new NotifyResult.Troubled("busy"));
        notifier.Answers.Enqueue(_ => new NotifyResult.Troubled("half") { Ends = [RecordEnd.Delivered, RecordEnd.Again] });
        var hub = Start(Patient, ["one"], notifier);

        hub.Notify(Notifications.Now(1), []);
        hub.Notify(Notifications.Now(2), []);
        await _rig.UntilAsync(() => _rig.Counts.GetValueOrDefault("one success") == 2);
        await hub.StopAsync();

        Assert.EndsWith("-2", Assert.Single(notifier.Delivered).EventKey, StringComparison.Ordinal);
        Assert.Equal(3, notifier.Calls);
        Assert.False(_rig.Counts.ContainsKey("one failure"));
    }

    [Fact]
    public async Task Deliver_Refused_IsGivenUpAtOnceAndToldOnce()
    {
        var notifier = new FakeNotifier("one", 10);
        notifier.Answers.Enqueue(_ => new NotifyResult.Refused("no such channel"));
        var hub = Start(Patient, ["one"], notifier);

        hub.Notify(Notifications.Now(1), []);
        await _rig.UntilAsync(() => _rig.Counts.GetValueOrDefault("one failure") == 1);
        hub.Notify(Notifications.Now(2), []);
        await _rig.UntilAsync(() => _rig.Counts.GetValueOrDefault("one success") == 1);
        await hub.StopAsync();

        Assert.Equal("given up: no such channel", Assert.Single(_rig.Lines, line => line.Level == LogLineLevel.Error).Error);
    }

    [Fact]
    public async Task Deliver_OneThrowsAndOneHangs_TheThirdHearsEverything()
    {
        var throwing = new FakeNotifier("throwing") { Always = _ => throw new InvalidOperationException("a fault") };
        var hanging = new FakeNotifier("hanging") { Hangs = true };
        var good = new FakeNotifier("good", 7);
        var hub = Start(NotifyingRig.Fast, ["throwing", "hanging", "good"], throwing, hanging, good);

        for (int i = 0; i < 100; i++)
        {
            hub.Notify(Notifications.Now(i), []);
        }

        await _rig.UntilAsync(() => _rig.Counts.GetValueOrDefault("good success") == 100);
        await _rig.UntilAsync(() => _rig.Counts.GetValueOrDefault("throwing failure") == 100);
        await hub.StopAsync();

        Assert.Equal(100, good.Delivered.Count);
        Assert.Equal(1, hanging.Calls);
        Assert.Contains(_rig.Lines, line => line.Error?.Contains("InvalidOperationException", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Notify_QueueIsFull_DropsAreCountedAndToldOnce()
    {
        var notifier = new FakeNotifier("one") { Hangs = true };
        var hub = Start(NotifyingRig.Fast with { QueueSize = 5 }, ["one"], notifier);

        for (int i = 0; i < 50; i++)
        {
            hub.Notify(Notifications.Now(i), []);
        }

        await _rig.UntilAsync(() => _rig.Counts.GetValueOrDefault("one dropped") > 30);
        Assert.Single(_rig.Lines, line => line.Status == "dropped");
        await hub.StopAsync();
        Assert.Equal(50, _rig.Counts.Values.Sum());
    }

    [Fact]
    public async Task Stop_WhatWaits_IsFlushed()
    {
        var notifier = new FakeNotifier("one", 3);
        var hub = Start(Patient, ["one"], notifier);
        for (int i = 0; i < 20; i++)
        {
            hub.Notify(Notifications.Now(i), []);
        }

        await hub.StopAsync();

        Assert.Equal(20, notifier.Delivered.Count);
        hub.Notify(Notifications.Now(99), []);
        Assert.Equal(1, _rig.Counts["one dropped"]);
    }

    private NotificationHub Start(NotifyingOptions options, string[] defaults, params INotifier[] notifiers) => _rig.Start(Sys, options, defaults, notifiers);
}
