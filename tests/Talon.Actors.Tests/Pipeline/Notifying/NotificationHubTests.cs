using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.DependencyInjection;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;

namespace Talon.Actors.Tests.Pipeline.Notifying;

public sealed class NotificationHubTests : TestKit
{
    private static readonly NotifyingOptions Fast = new()
    {
        BatchWindow = TimeSpan.FromMilliseconds(20),
        Deadline = TimeSpan.FromMilliseconds(200),
        FirstDelay = TimeSpan.FromMilliseconds(10),
        LongestDelay = TimeSpan.FromMilliseconds(50),
        MaxAge = TimeSpan.FromSeconds(10),
        FlushTime = TimeSpan.FromMilliseconds(500),
        EndTime = TimeSpan.FromMilliseconds(100),
    };

    // For notifiers that answer: on a busy machine nothing is given up for its time.
    private static readonly NotifyingOptions Patient = Fast with
    {
        Deadline = TimeSpan.FromSeconds(20),
        MaxAge = TimeSpan.FromMinutes(1),
        FlushTime = TimeSpan.FromSeconds(20),
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    protected override void AfterAll()
    {
        _listener.Dispose();
        _services.Dispose();
        base.AfterAll();
    }

    [Fact]
    public async Task Notify_DefaultsAndRule_TellEachOnceWhateverTheCase()
    {
        var one = new FakeNotifier("one");
        var two = new FakeNotifier("two");
        var hub = Start(Patient, ["One"], one, two);

        hub.Notify(Notifications.Of(1), ["ONE", "Two", "two"]);
        await hub.StopAsync();

        Assert.Single(one.Delivered);
        Assert.Single(two.Delivered);
        Assert.Equal(1, _counts["one success"]);
        Assert.All(_lines, line => Assert.Equal(("notification", "success"), (line.Message, line.Status)));
    }

    [Fact]
    public async Task Notify_UnknownNotifier_IsCountedAndToldOnce()
    {
        var hub = Start(Patient, []);

        hub.Notify(Notifications.Of(1), ["pager"]);
        hub.Notify(Notifications.Of(2), ["Pager"]);
        await hub.StopAsync();

        Assert.Equal("pager", Assert.Single(_lines).Notifier);
        Assert.Equal(2, _counts.Where(count => count.Key.EndsWith(" failure", StringComparison.Ordinal)).Sum(count => count.Value));
    }

    [Fact]
    public async Task Deliver_FailsTwiceThenWorks_IsRepeatedWithWhatIsLeft()
    {
        var notifier = new FakeNotifier("one", 10);
        notifier.Answers.Enqueue(batch => new NotifyResult.Failed("busy", MayRetry: true, null, batch.Length));
        notifier.Answers.Enqueue(batch => new NotifyResult.Failed("half", MayRetry: true, null, 1));
        var hub = Start(Patient, ["one"], notifier);

        hub.Notify(Notifications.Of(1), []);
        hub.Notify(Notifications.Of(2), []);
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("one success") == 2);
        await hub.StopAsync();

        Assert.EndsWith("-2", Assert.Single(notifier.Delivered).EventKey, StringComparison.Ordinal);
        Assert.Equal(3, notifier.Calls);
        Assert.False(_counts.ContainsKey("one failure"));
    }

    [Fact]
    public async Task Deliver_Refused_IsGivenUpAtOnceAndToldOnce()
    {
        var notifier = new FakeNotifier("one", 10);
        notifier.Answers.Enqueue(batch => new NotifyResult.Failed("no such channel", MayRetry: false, null, batch.Length));
        var hub = Start(Patient, ["one"], notifier);

        hub.Notify(Notifications.Of(1), []);
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("one failure") == 1);
        hub.Notify(Notifications.Of(2), []);
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("one success") == 1);
        await hub.StopAsync();

        Assert.Equal("given up: no such channel", Assert.Single(_lines, line => line.Level == LogLineLevel.Error).Error);
    }

    [Fact]
    public async Task Deliver_NeverWorks_IsGivenUpAtItsAge()
    {
        var notifier = new FakeNotifier("one") { Always = batch => new NotifyResult.Failed("down", MayRetry: true, null, batch.Length) };
        var hub = Start(Fast with { MaxAge = TimeSpan.FromSeconds(1) }, ["one"], notifier);

        hub.Notify(Notifications.Of(1), []);
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("one failure") == 1);
        await hub.StopAsync();

        // After 10, 20 and 40 ms each 50 ms.
        Assert.InRange(notifier.Calls, 2, 24);
    }

    [Fact]
    public async Task Deliver_AsksToComeBackLaterThanItsAge_IsGivenUpWithoutWaiting()
    {
        var notifier = new FakeNotifier("one");
        notifier.Answers.Enqueue(batch => new NotifyResult.Failed("later", MayRetry: true, TimeSpan.FromHours(1), batch.Length));
        var hub = Start(Patient, ["one"], notifier);

        hub.Notify(Notifications.Of(1), []);
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("one failure") == 1);
        await hub.StopAsync();

        Assert.Equal(1, notifier.Calls);
    }

    [Fact]
    public async Task Deliver_OneThrowsAndOneHangs_TheThirdHearsEverything()
    {
        var throwing = new FakeNotifier("throwing") { Always = _ => throw new InvalidOperationException("a fault") };
        var hanging = new FakeNotifier("hanging") { Hangs = true };
        var good = new FakeNotifier("good", 7);
        var hub = Start(Fast, ["throwing", "hanging", "good"], throwing, hanging, good);

        for (int i = 0; i < 100; i++)
        {
            hub.Notify(Notifications.Of(i), []);
        }

        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("good success") == 100);
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("throwing failure") == 100);
        await hub.StopAsync();

        Assert.Equal(100, good.Delivered.Count);
        Assert.Equal(1, hanging.Calls);
        Assert.Contains(_lines, line => line.Error?.Contains("InvalidOperationException", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Notify_QueueIsFull_DropsAreCountedAndToldOnce()
    {
        var notifier = new FakeNotifier("one") { Hangs = true };
        var hub = Start(Fast with { QueueSize = 5 }, ["one"], notifier);

        for (int i = 0; i < 50; i++)
        {
            hub.Notify(Notifications.Of(i), []);
        }

        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("one dropped") > 30);
        Assert.Single(_lines, line => line.Status == "dropped");
        await hub.StopAsync();
        Assert.Equal(50, _counts.Values.Sum());
    }

    [Fact]
    public async Task Stop_WhatWaits_IsFlushed()
    {
        var notifier = new FakeNotifier("one", 3);
        var hub = Start(Patient, ["one"], notifier);
        for (int i = 0; i < 20; i++)
        {
            hub.Notify(Notifications.Of(i), []);
        }

        await hub.StopAsync();

        Assert.Equal(20, notifier.Delivered.Count);
        hub.Notify(Notifications.Of(99), []);
        Assert.Equal(1, _counts["one dropped"]);
    }

    private NotificationHub Start(NotifyingOptions options, string[] defaults, params INotifier[] notifiers)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "falcosecurity_falco_talon_notifications" && ReferenceEquals(instrument.Meter.Scope, _services.GetRequiredService<IMeterFactory>()))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var all = tags.ToArray();
            string? Tag(string name) => Array.Find(all, tag => tag.Key == name).Value as string;
            _counts.AddOrUpdate($"{Tag("notifier")} {Tag("status")}", value, (_, before) => before + value);
        });
        _listener.Start();
        return NotificationHub.Start(
            Sys, notifiers, defaults, options, TimeProvider.System, new Capturing(_lines), new TalonMeters(_services.GetRequiredService<IMeterFactory>()));
    }

    private sealed class Capturing(ConcurrentQueue<LogLine> lines) : ITalonLog
    {
        public void Write(LogLine line) => lines.Enqueue(line);
    }
}
