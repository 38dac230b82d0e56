using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Pipeline.Notifying;

namespace Talon.Actors.Tests.Pipeline.Notifying;

public sealed class StateNoticesTests : TestKit
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Tell_OftenAboutTwoParts_TellsOnceAMinuteOfEach()
    {
        using var rig = new NotifyingRig { Clock = _clock };
        var notifier = new FakeNotifier("one");
        var other = new FakeNotifier("other");
        var hub = rig.Start(Sys, NotifyingRig.Patient, ["one"], notifier, other);
        var notices = new StateNotices(hub, _clock, "node-0");

        Parallel.For(0, 100, _ => notices.Tell("rules", "wrong in line 1\ntoken=hunter2"));
        notices.Tell("intake", "full");
        _clock.Advance(TimeSpan.FromSeconds(59));
        notices.Tell("rules", "still wrong");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Parallel.For(0, 100, _ => notices.Tell("rules", "wrong as ever"));
        await Eventually.TrueAsync(() => rig.Record("one delivered") == 3);
        var stopped = hub.StopAsync();
        await stopped;

        Assert.Equal(
            ["rules: wrong in line 1\ntoken=[redacted]", "intake: full", "rules: wrong as ever"],
            notifier.Delivered.Select(told => told.Text));
        Assert.All(notifier.Delivered, told => Assert.Equal(("talon", "failure", "", "node-0"), (told.Kind, told.Status, told.Rule, told.Objects["node"])));
        Assert.Equal(3, notifier.Delivered.Select(told => told.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(other.Delivered);
        Assert.Equal(3, rig.Record("one told"));
    }
}
