using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Buckets;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline.Events;

/// <summary>How much of a bucket one pod may hold: two events here, a tenth of twenty.</summary>
public sealed class BucketRoomTests : TestKit
{
    private static readonly PipelineOptions Twenty = new() { MaxUnfinishedEvents = 20 };

    private readonly TestProbe _category;
    private readonly HeldJournal.Gate _journal;

    public BucketRoomTests()
        : base(HeldJournal.Hocon)
    {
        _category = CreateTestProbe();
        _journal = HeldJournal.GateOf(Sys);
    }

    [Fact]
    public void Ingest_WhileTheWritesAreUnderWay_CountsAlready()
    {
        var bucket = Start(Twenty);
        _journal.Close();
        var first = Ingest("alert 1", "loud");

        bucket.Tell(first);
        bucket.Tell(first); // the same delivery and the same alert join the write and take no room
        bucket.Tell(Ingest("alert 1", "loud"));
        bucket.Tell(Ingest("alert 2", "loud"));
        bucket.Tell(Ingest("alert 3", "loud"));
        ExpectRefused();
        bucket.Tell(Ingest("quiet 1", "quiet"));
        _journal.Open();

        var answers = Enumerable.Range(0, 5).Select(_ => ExpectMsg<EventProtocol.IngestReply>()).ToList();
        Assert.Equal(4, answers.OfType<EventProtocol.IngestReply.Accepted>().Count());
        Assert.Single(answers.OfType<EventProtocol.IngestReply.Duplicate>());

        bucket.Tell(Ingest("alert 4", "loud"));
        ExpectRefused();
        bucket.Tell(Ingest("quiet 2", "quiet"));
        ExpectMsg<EventProtocol.IngestReply.Accepted>();
    }

    [Fact]
    public void Finished_GivesTheRoomBackOnce()
    {
        var bucket = Start(Twenty);
        long one = Accept(bucket, "alert 1", "loud");
        Accept(bucket, "alert 2", "loud");
        bucket.Tell(Ingest("alert 3", "loud"));
        ExpectRefused();

        Finish(bucket, one);
        Finish(bucket, one);

        Accept(bucket, "alert 3", "loud");
        bucket.Tell(Ingest("alert 4", "loud"));
        ExpectRefused();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Recovery_FromJournalOrSnapshot_KeepsWhatIsTooMuchAndCountsIt(bool snapshot)
    {
        var wide = Start(Twenty with { MaxUnfinishedEvents = 100 });
        long[] events = [.. Enumerable.Range(1, 4).Select(i => Accept(wide, $"alert {i}", "loud"))];
        Watch(wide);
        wide.Tell(snapshot ? EventProtocol.HandOff.Instance : PoisonPill.Instance);
        ExpectTerminated(wide);

        var bucket = Start(Twenty);
        bucket.Tell(Ingest("alert 5", "loud"));
        ExpectRefused();
        Finish(bucket, events[0]);
        Finish(bucket, events[1]);
        bucket.Tell(Ingest("alert 5", "loud"));
        ExpectRefused();
        Finish(bucket, events[2]);

        Accept(bucket, "alert 5", "loud");
        Accept(bucket, "quiet 5", "quiet");
    }

    private IActorRef Start(PipelineOptions options) =>
        Sys.ActorOf(EventBucket.CreateProps(TestContexts.Of(_category.Ref, repeatSafe: true, options), 3));

    private long Accept(IActorRef bucket, string output, string pod)
    {
        bucket.Tell(Ingest(output, pod));
        return ExpectMsg<EventProtocol.IngestReply.Accepted>().Sequence;
    }

    private void Finish(IActorRef bucket, long sequence)
    {
        bucket.Tell(new EventProtocol.ActionFinished(new ActionKey(3, sequence, 0, 1, 0), new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects)));
        ExpectMsg<EventProtocol.OutcomeConfirmed>();
    }

    private void ExpectRefused()
    {
        var refused = ExpectMsg<EventProtocol.IngestReply.Refused>();
        Assert.Equal("target_full", refused.Cause);
        Assert.Contains("one may hold a tenth", refused.Reason, StringComparison.Ordinal);
    }

    private static EventProtocol.Ingest Ingest(string output, string pod)
    {
        var falcoEvent = Sample.Event(output, pod);
        return new EventProtocol.Ingest(3, DeliveryId.New(), EventId.Compute(falcoEvent), "0123456789abcdef0123456789abcdef", Sample.OneAction(), falcoEvent);
    }
}
