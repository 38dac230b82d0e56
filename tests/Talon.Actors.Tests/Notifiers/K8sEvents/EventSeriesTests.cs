using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Notifiers.K8sEvents;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Notifiers.K8sEvents;

/// <summary>What counts as the same event of Kubernetes once more, and what is another one.</summary>
public sealed class EventSeriesTests
{
    [Fact]
    public async Task Send_DifferentErrorsAboutOneObject_AreEventsOfTheirOwn()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var notifier = Notifier(rig);
        var target = Target(rig);
        string[] texts = ["cannot delete it: 403", "cannot delete it: 500", "cannot delete it: 403", "no such pod", "cannot delete it: 403"];

        foreach (var (text, number) in texts.Select((text, i) => (text, i + 1)))
        {
            await DeliverAsync(notifier, Notifications.Of(number, "failure", target) with { Text = text });
        }

        var events = (await EventsAsync(rig)).ToDictionary(
            one => texts.Distinct().Single(text => one.Note.Contains($"Error: {text}\n", StringComparison.Ordinal)), one => one.Series?.Count ?? 1, StringComparer.Ordinal);
        Assert.Equal(3, events.Count);
        Assert.Equal((3, 1, 1), (events["cannot delete it: 403"], events["cannot delete it: 500"], events["no such pod"]));
    }

    [Fact]
    public async Task Send_SameOutcomeOfAnotherAlert_IsCounted()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var notifier = Notifier(rig);
        var target = Target(rig);

        await DeliverAsync(notifier, Notifications.Of(1, "ignored", target) with { Text = "terminating", Event = "one", TraceId = "a" });
        await DeliverAsync(notifier, Notifications.Of(2, "ignored", target) with { Text = "terminating", Event = "other", TraceId = "b" });

        Assert.Equal(2, Assert.Single(await EventsAsync(rig)).Series.Count);
    }

    /// <summary>Whoever shapes the alerts may shape what is said of them: beyond ten texts they share one event.</summary>
    [Fact]
    public async Task Send_TextsThatNeverRepeat_EndInOneEventThatSaysSo()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var notifier = Notifier(rig, new HurriedClock(10));
        var target = Target(rig);
        for (int i = 1; i <= 40; i++)
        {
            await DeliverAsync(notifier, Notifications.Of(i, "failure", target) with { Text = $"text {i}" });
        }

        await DeliverAsync(notifier, Notifications.Of(41, "failure", target) with { Text = "text 1" });

        var events = await EventsAsync(rig);
        Assert.Equal(EventSeries.MostTexts + 1, events.Count);
        var shared = Assert.Single(events, one => one.Note.Contains("others like it, with other texts, are counted here as well", StringComparison.Ordinal));
        Assert.Equal(30, shared.Series.Count);
        Assert.Equal(2, Assert.Single(events, one => one.Note.Contains("Error: text 1\n", StringComparison.Ordinal)).Series.Count);
    }

    [Fact]
    public async Task Send_CountingMeetsAConflict_MayBeTriedAgain()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var notifier = Notifier(rig);
        var target = Target(rig);
        await DeliverAsync(notifier, Notifications.Of(1, "failure", target));
        rig.Server.Faults.Add(FaultRule.Answer(409, 1, "patch"));

        Assert.IsType<NotifyResult.Troubled>(await notifier.SendAsync([Notifications.Of(2, "failure", target)], CancellationToken.None));
        await DeliverAsync(notifier, Notifications.Of(2, "failure", target));

        Assert.Equal(2, Assert.Single(await EventsAsync(rig)).Series.Count);
    }

    /// <summary>Random subjects and texts on a running clock, against the rule written down plainly.</summary>
    [Fact]
    public void KeyOf_AnySequence_IsTheKeyOfTheTextWhileThereAreFew()
    {
        var random = new Random(12);
        var clock = new FakeTimeProvider();
        var series = new EventSeries(clock);
        var made = new Dictionary<(int, int), DateTimeOffset>();
        for (int i = 0; i < 20_000; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 10_000)));
            int about = random.Next(4);
            int text = random.Next(30);
            var now = clock.GetUtcNow();
            bool Fresh((int, int) one) => made.TryGetValue(one, out var at) && now - at < TimeSpan.FromMinutes(6);
            int texts = made.Keys.Count(one => one.Item1 == about && one.Item2 >= 0 && Fresh(one));
            bool own = Fresh((about, text)) || texts < EventSeries.MostTexts;

            var key = series.KeyOf(EventSeries.Subject(new V1ObjectReference { Kind = "Pod", Name = $"p{about}" }), $"text {text}");

            Assert.Equal(own, !key.IsOfMany);
            var stands = (about, own ? text : -1);
            Assert.Equal(Fresh(stands), series.Find(key) is not null);
            series.Remember(key, new EventSeries.Entry(Names.Namespace("shop"), Names.Of("e"), "u", 1, $"{i}"));
            made[stands] = now;
        }
    }

    [Theory]
    [InlineData("a", "bc", "ab", "c")]
    [InlineData("a", null, "a", "")]
    [InlineData("a\0b", "", "a", "b")]
    public void KeyOf_PartsThatReadTheSameTogether_AreDifferent(string first, string? second, string third, string? fourth)
    {
        var series = new EventSeries(TimeProvider.System);

        Assert.NotEqual(series.KeyOf("s", first, second), series.KeyOf("s", third, fourth));
    }

    private static TargetRef Target(ActionnerRig rig) => new("Pod", "shop", "cart-0", rig.Server.Store.AddPod("shop", "cart-0").Uid);

    private static K8sEventsNotifier Notifier(ActionnerRig rig, TimeProvider? clock = null) => new(rig.Ports with { Clock = clock ?? TimeProvider.System }, "talon-0");

    private static async Task DeliverAsync(K8sEventsNotifier notifier, Notification notification)
    {
        var result = await notifier.SendAsync([notification], CancellationToken.None);
        Assert.True(result is NotifyResult.Delivered, result.ToString());
    }

    private static async Task<IList<Eventsv1Event>> EventsAsync(ActionnerRig rig)
    {
        Assert.True(rig.Connection.TryGetClient(out var client, out string? reason), reason);
        return (await client.EventsV1.ListEventForAllNamespacesAsync()).Items;
    }
}
