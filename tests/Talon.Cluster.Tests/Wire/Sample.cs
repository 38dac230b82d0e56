using System.Collections.Immutable;
using System.Text;
using Talon.Cluster.Wire;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Cluster.Tests.Wire;

/// <summary>Fixed values, so that their bytes can be compared with the golden ones.</summary>
internal static class Sample
{
    public const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    public static FalcoEvent Event { get; } = FalcoEventParser.Parse(Encoding.UTF8.GetBytes(
        """{"output":"a shell","priority":"Notice","rule":"Terminal shell in container","time":"2026-11-24T08:00:00Z","output_fields":{"k8s.ns.name":"shop","k8s.pod.name":"cart-0"}}""")).Event!;

    public static EventPlan Plan { get; } = new("cafe", [new PlannedRule("Shell", DryRun: false, [], [new PlannedAction
    {
        Position = 0,
        Name = "Terminate Pod",
        Actionner = ActionnerName.Parse("kubernetes:terminate"),
        Parameters = ParameterMap.Empty,
        IgnoreErrors = false,
    }])]);

    public static DeliveryId Delivery { get; } = new(new UInt128(0x0102030405060708, 0x090a0b0c0d0e0f10));

    public static Guid Guard { get; } = Guid.ParseExact("0102030405060708090a0b0c0d0e0f10", "N");

    // As computed by the build that made the golden bytes: a fact keeps the id it was accepted with, however ids are computed since.
    public static EventId Id { get; } = new(0x7d7d4c5d4c71f212, 0xfbef917da3ff90fc);

    public static ImmutableSortedDictionary<string, string> Objects { get; } =
        ImmutableSortedDictionary<string, string>.Empty.Add("namespace", "shop").Add("pod", "cart-0");

    public static Facts.Accepted Accepted { get; } = new(Delivery, Id, TraceId, Plan, Event, 1_000);

    public static Facts.Started Started { get; } = new(
        7, 0, 1, 77, "akka.tcp://talon@127.0.0.1:4053", "incarnation", new TargetRef("Pod", "shop", "cart-0", "uid-1"), 30_000, 2_000);

    public static Facts.Finished Finished { get; } = new(7, 0, 1, new ActionOutcome.Succeeded("done", Objects), 3_000);

    public static Facts.Finished Failed { get; } = new(
        7, 0, 1, new ActionOutcome.Failed(FailureKind.Throttled, "slow \"down\"\n", Objects, TimeSpan.FromSeconds(2)), 3_000);

    public static Facts.Finished Stored { get; } = new(
        7, 0, 1, new ActionOutcome.Succeeded("captured", Objects)
        {
            Artifact = new ArtifactReport(
                "local:file", true, "kept", ImmutableSortedDictionary<string, string>.Empty.Add("destination", "/tmp").Add("file", "tcpdump.pcap")),
        }, 3_000);

    public static Facts.Finished CommandFailed { get; } = new(
        7, 0, 1, new ActionOutcome.Failed(FailureKind.Rejected, "exit code 3", Objects)
        {
            Captured = [new CapturedText("stdout", "a \"b\"\nc", 8, "abcd", Inline: true), new CapturedText("stderr", "", 0, "ef01", Inline: false)],
        }, 3_000);

    public static Facts.RetryScheduled Retry { get; } = new(7, 0, 1, FailureKind.ServerError, "500", 500, 4_000);

    public static Facts.Resumed Resumed { get; } = new(7, "incarnation", 5_000);

    public static BucketSnapshot Snapshot { get; } = new(
        [new(Delivery, 7, 1_000)], [new(Id, 1_000)], [new(7, [Accepted, Started])], [new(1_000, 900)], 500);

    public static IReadOnlyDictionary<string, object> All { get; } = new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["accepted"] = Accepted,
        ["started"] = Started,
        ["started-without-target"] = Started with { Target = null },
        ["finished-success"] = Finished,
        ["finished-ignored"] = Finished with { Outcome = new ActionOutcome.Ignored("already gone", Objects) },
        ["finished-failure"] = Failed,
        ["finished-stored"] = Stored,
        ["finished-captured"] = CommandFailed,
        ["retry"] = Retry,
        ["resumed"] = Resumed,
        ["snapshot"] = Snapshot,
        ["ingest"] = new EventProtocol.Ingest(3, Delivery, Id, TraceId, Plan, Event),
        ["reply-accepted"] = new EventProtocol.IngestReply.Accepted(7),
        ["reply-duplicate"] = EventProtocol.IngestReply.Duplicate.Instance,
        ["reply-refused"] = new EventProtocol.IngestReply.Refused("full", "too many"),
        ["action-finished"] = new EventProtocol.ActionFinished(new ActionKey(3, 7, 0, 1, 77), Failed.Outcome),
        ["outcome-confirmed"] = new EventProtocol.OutcomeConfirmed(new ActionKey(3, 7, 0, 1, 77)),
        ["wake"] = new EventProtocol.Wake(3),
        ["hand-off"] = EventProtocol.HandOff.Instance,
        ["guard-acquire"] = new LockProtocol.Acquire("uid-1", Guard),
        ["guard-release"] = new LockProtocol.Release("uid-1", Guard),
        ["guard-granted"] = new LockProtocol.Reply.Granted(12_000, "akka.tcp://talon@127.0.0.1:4053/system/sharding/guard/7/uid-1#42"),
        ["guard-queued"] = new LockProtocol.Reply.Queued(3),
        ["guard-moving"] = LockProtocol.Reply.Moving.Instance,
        ["guard-full"] = LockProtocol.Reply.Full.Instance,
        ["guard-hand-off"] = LockProtocol.HandOff.Instance,
        ["look"] = DuplicateClusterProtocol.AskMembers.Instance,
        ["seen"] = new DuplicateClusterProtocol.MembersSeen(["akka.tcp://talon@127.0.0.1:4053#0000002a"]),
    };
}
