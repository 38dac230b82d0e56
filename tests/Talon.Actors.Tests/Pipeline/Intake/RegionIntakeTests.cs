using Akka.TestKit.Xunit2;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Tests.Pipeline.Events;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.Cluster.Wire;
using Talon.Rules.Events;

namespace Talon.Actors.Tests.Pipeline.Intake;

/// <summary>The door of a node, before buckets that do not answer until the test says so.</summary>
public sealed class RegionIntakeTests : TestKit
{
    private static readonly int Size = Event("alert 00", "cart-0").Raw.Length;

    public RegionIntakeTests()
        : base("akka.test.single-expect-default = 20s")
    {
    }

    [Fact]
    public async Task Accept_BucketsAreAway_OneTargetHoldsATenthOfTheBytesThatAreHandedOver()
    {
        var buckets = CreateTestProbe();
        await using var people = new NotifyingRig();
        var notifier = new FakeNotifier("one");
        var hub = people.Start(Sys, NotifyingRig.Patient, ["one"], notifier);
        var intake = new RegionIntake(
            buckets.Ref,
            8,
            new PipelineOptions { MaxUnfinishedEvents = 10, MaxUnfinishedBytes = 30 * Size },
            TestContexts.Status(TimeProvider.System),
            new StateNotices(hub, TimeProvider.System, "node-0"),
            TimeProvider.System);

        var held = Enumerable.Range(10, 3).Select(i => AcceptAsync(intake, $"alert {i}", "cart-0")).ToList();
        var refused = Assert.IsType<IntakeResult.Refused>(await AcceptAsync(intake, "alert 13", "cart-0"));
        Assert.Equal("target_full", refused.Cause);
        Assert.Contains("one may hold a tenth", refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("cart-0", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(2), refused.RetryAfter);
        var other = AcceptAsync(intake, "alert 14", "cart-1");

        for (int i = 0; i < 4; i++)
        {
            buckets.ExpectMsg<EventProtocol.Ingest>();
            buckets.Reply(new EventProtocol.IngestReply.Accepted(i));
        }

        Assert.All(await Task.WhenAll([.. held, other]), answer => Assert.IsType<IntakeResult.Accepted>(answer));
        var again = AcceptAsync(intake, "alert 15", "cart-0");
        buckets.ExpectMsg<EventProtocol.Ingest>();
        buckets.Reply(EventProtocol.IngestReply.Duplicate.Instance);
        Assert.IsType<IntakeResult.Duplicate>(await again);
        await hub.StopAsync();
        var told = Assert.Single(notifier.Delivered);
        Assert.Equal(("talon", "failure", "intake"), (told.Kind, told.Status, told.Action));
        Assert.Equal($"intake: events are refused: {refused.Reason}", told.Text);
    }

    private static Task<IntakeResult> AcceptAsync(RegionIntake intake, string output, string pod) =>
        intake.AcceptAsync(Event(output, pod), Sample.OneAction(), default, "0123456789abcdef0123456789abcdef", CancellationToken.None);

    private static FalcoEvent Event(string output, string pod) => Sample.Event(output, pod);
}
