using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Buckets;
using Talon.Actors.Tests.Pipeline.Events;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Tests.Pipeline.Buckets;

/// <summary>What a bucket decides, without actor and journal: the test commits what it is told to write.</summary>
public sealed class BucketStateTests : TestKit
{
    private const long Moment = 100_000;

    private readonly List<IFact> _journal = [];
    private BucketState _bucket;

    public BucketStateTests() => _bucket = New();

    [Fact]
    public void Ingest_NewEvent_IsAcceptedAndAnsweredOnceCommitted()
    {
        var asker = CreateTestProbe();
        var fact = Begin(Ingest("a"), asker)!;
        Assert.False(asker.HasMessages);

        Commit(fact);

        Assert.Equal(1, asker.ExpectMsg<EventProtocol.IngestReply.Accepted>().Sequence);
        Assert.Equal(1, _bucket.UnfinishedCount);
    }

    [Fact]
    public void Ingest_WhileTheWriteIsUnderWay_JoinsIt()
    {
        var (first, sameDelivery, sameEvent) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var ingest = Ingest("a");
        var repeat = Ingest("a");
        var fact = Begin(ingest, first)!;

        Assert.IsType<BucketDecision.Join>(_bucket.Decide(ingest, Moment));
        Assert.Null(Begin(ingest, sameDelivery));
        Assert.Null(Begin(repeat, sameEvent));
        Commit(fact);

        sameDelivery.ExpectMsg<EventProtocol.IngestReply.Accepted>();
        sameEvent.ExpectMsg<EventProtocol.IngestReply.Duplicate>();
        Assert.IsType<EventProtocol.IngestReply.Duplicate>(Answer(repeat)); // also when it comes again
    }

    [Fact]
    public void Ingest_KnownDelivery_GetsItsAnswerAgain_AlsoWhenLeaving()
    {
        var ingest = Ingest("a");
        Commit(Begin(ingest)!);
        _bucket.Leave();

        Assert.Equal(1, Assert.IsType<EventProtocol.IngestReply.Accepted>(Answer(ingest)).Sequence);
        Assert.Equal("draining", Assert.IsType<EventProtocol.IngestReply.Refused>(Answer(Ingest("b"))).Cause);
    }

    [Theory]
    [InlineData(5, 4_999, true)]
    [InlineData(5, 5_000, false)]
    [InlineData(0, 0, false)]
    public void Ingest_SameEventAgain_IsADuplicateWithinTheWindow(int window, long later, bool duplicate)
    {
        _bucket = New(new PipelineOptions { DuplicateWindow = TimeSpan.FromSeconds(window) });
        Commit(Begin(Ingest("a"))!);

        var decision = _bucket.Decide(Ingest("a"), Moment + later);

        Assert.IsType(duplicate ? typeof(BucketDecision.Duplicate) : typeof(BucketDecision.Accept), decision);
    }

    [Fact]
    public void Ingest_NoRoom_IsRefusedWithTheCause()
    {
        _bucket = New(new PipelineOptions { MaxUnfinishedEvents = 10 });
        Begin(Ingest("a", "loud"));

        Assert.Equal("target_full", Assert.IsType<EventProtocol.IngestReply.Refused>(Answer(Ingest("b", "loud"))).Cause);
        Assert.IsType<BucketDecision.Accept>(_bucket.Decide(Ingest("b", "quiet"), Moment));
    }

    [Fact]
    public void Started_OncePerAction_AndNotBesideItsEnd()
    {
        long sequence = Accept("a");
        var started = Started(sequence, run: 5);

        var fact = Begin(new WriteFact(started))!;
        Ignores(new WriteFact(Started(sequence, run: 6)));
        Commit(fact);
        Ignores(new WriteFact(Started(sequence, run: 6)));

        Begin(Finished(sequence, run: 5));
        Ignores(new WriteFact(Started(sequence, run: 7, attempt: 2)));
    }

    [Fact]
    public void Finished_IsWrittenOnce_ConfirmedWhenCommitted_AndAgainWhenItComesLate()
    {
        long sequence = Accept("a");
        Commit(Begin(new WriteFact(Started(sequence, run: 5)))!);
        var asker = CreateTestProbe();

        var fact = Begin(Finished(sequence, run: 5), asker)!;
        Ignores(Finished(sequence, run: 5));
        Assert.False(asker.HasMessages);
        Commit(fact);

        Assert.Equal(5, asker.ExpectMsg<EventProtocol.OutcomeConfirmed>().Key.Run);
        Assert.Equal(0, _bucket.UnfinishedCount);
        Assert.IsType<EventProtocol.OutcomeConfirmed>(Answer(Finished(sequence, run: 5)));
    }

    [Fact]
    public void Finished_OfAnotherRunWhileAStartIsBeingWritten_WaitsForItsCommit()
    {
        long sequence = Accept("a");
        var fact = Begin(new WriteFact(Started(sequence, run: 5)))!;

        Ignores(Finished(sequence, run: 6));
        Assert.IsType<BucketDecision.End>(_bucket.Decide(Finished(sequence, run: 5), Moment));
        Commit(fact);

        Assert.IsType<EventProtocol.OutcomeConfirmed>(Answer(Finished(sequence, run: 6)));
    }

    [Fact]
    public void Leaving_NothingIsWritten_AndThePhasesFollowEachOther()
    {
        long sequence = Accept("a");
        _bucket.Leave();

        Ignores(new WriteFact(Started(sequence, run: 5)));
        Ignores(Finished(sequence, run: 5));
        Ignores(new EventFailed(sequence, 3));
        Assert.False(_bucket.ActorsGone(all: true)); // writes are under way
        _bucket.WritesFinished();
        Assert.False(_bucket.ActorsGone(all: false));
        Assert.True(_bucket.ActorsGone(all: true));
        Assert.False(_bucket.ActorsGone(all: true));
        Assert.IsType<BucketPhase.SavingSnapshot>(_bucket.Phase);
    }

    [Fact]
    public void EventFailed_SetsTheEventAside()
    {
        long sequence = Accept("a");

        Commit(Begin(new EventFailed(sequence, 3))!);

        var outcome = Assert.IsType<ActionOutcome.Failed>(Assert.Single(_journal.OfType<Facts.Finished>()).Outcome);
        Assert.Equal((FailureKind.Parked, "the event was set aside: its processing failed 3 times"), (outcome.Kind, outcome.Reason));
        Assert.Equal(0, _bucket.UnfinishedCount);
    }

    /// <summary>
    /// Messages in any order, commits that come late: every delivery is answered once, no action is started or ended twice, and a bucket
    /// that recovers from the journal knows the same.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AtRandom_NothingIsWrittenTwice_AndRecoveryKnowsTheSame(int seed)
    {
        var random = new Random(seed);
        var underWay = new Queue<IFact>();
        var ingests = new List<EventProtocol.Ingest>();
        var answers = CreateTestProbe();
        int asked = 0;
        for (int step = 0; step < 2_000; step++)
        {
            object message = random.Next(6) switch
            {
                0 => NewIngest(),
                1 when ingests.Count > 0 => ingests[random.Next(ingests.Count)],
                2 or 3 => new WriteFact(Started(random.Next(1, _journal.Count + 2), random.Next(3), random.Next(1, 3))),
                _ => Finished(random.Next(1, _journal.Count + 2), random.Next(3), random.Next(1, 3)),
            };
            Assert.Equal(_bucket.Decide(message, Moment).GetType(), _bucket.Decide(message, Moment).GetType()); // it changes nothing
            bool isIngest = message is EventProtocol.Ingest;
            asked += isIngest ? 1 : 0;
            if (_bucket.Begin(_bucket.Decide(message, Moment), isIngest ? answers : ActorRefs.Nobody, Moment) is { } fact)
            {
                underWay.Enqueue(fact);
            }

            while (underWay.Count > random.Next(6))
            {
                Commit(underWay.Dequeue());
            }
        }

        while (underWay.TryDequeue(out var last))
        {
            Commit(last);
        }

        Assert.Equal(asked, answers.ReceiveWhile<object>(TimeSpan.FromSeconds(20), message => message, asked).Count);
        Assert.False(answers.HasMessages);
        Assert.Equal(_journal.OfType<Facts.Accepted>().Count(), _journal.OfType<Facts.Accepted>().DistinctBy(f => f.DeliveryId).Count());
        Assert.Equal(_journal.OfType<Facts.Accepted>().Count(), _journal.OfType<Facts.Accepted>().DistinctBy(f => f.EventId).Count());
        Assert.All(_journal.OfType<Facts.Started>().GroupBy(f => (f.Event, f.Position, f.Attempt)), group => Assert.Single(group));
        Assert.All(_journal.OfType<Facts.Finished>().GroupBy(f => (f.Event, f.Position)), group => Assert.Single(group));

        var recovered = New();
        for (int i = 0; i < _journal.Count; i++)
        {
            recovered.Recover(i + 1, _journal[i]);
        }

        Assert.Equal(
            _bucket.Unfinished.Select(state => (state.Key, state.History.Count, state.Actions[0])),
            recovered.Unfinished.Select(state => (state.Key, state.History.Count, state.Actions[0])));
        Assert.All(ingests, ingest => Assert.Equal(ReplyOf(_bucket.Decide(ingest, Moment)), ReplyOf(recovered.Decide(ingest, Moment))));

        EventProtocol.Ingest NewIngest()
        {
            ingests.Add(Ingest($"event {random.Next(400)}"));
            return ingests[^1];
        }
    }

    private BucketState New(PipelineOptions? options = null) =>
        new(TestContexts.Of(ActorRefs.Nobody, repeatSafe: true, options ?? new PipelineOptions { DuplicateWindow = TimeSpan.FromHours(1) }));

    private IFact? Begin(object message, TestProbe? asker = null) =>
        _bucket.Begin(_bucket.Decide(message, Moment), asker?.Ref ?? ActorRefs.Nobody, Moment);

    private void Ignores(object message) => Assert.IsType<BucketDecision.Ignore>(_bucket.Decide(message, Moment));

    private object Answer(object message)
    {
        var asker = CreateTestProbe();
        Assert.Null(Begin(message, asker));
        return asker.ExpectMsg<object>();
    }

    private static object ReplyOf(BucketDecision decision) => decision switch
    {
        BucketDecision.Answer answer => answer.Reply,
        BucketDecision.Duplicate => EventProtocol.IngestReply.Duplicate.Instance,
        _ => decision,
    };

    private void Commit(IFact fact)
    {
        _journal.Add(fact);
        foreach (var (to, reply) in _bucket.Committed(_journal.Count, fact).Replies)
        {
            to.Tell(reply);
        }
    }

    private long Accept(string output)
    {
        Commit(Begin(Ingest(output))!);
        return _journal.Count;
    }

    private static Facts.Started Started(long sequence, int run, int attempt = 1) =>
        new(sequence, 0, attempt, run, "here:4053", "here", null, 30_000, Moment);

    private static EventProtocol.ActionFinished Finished(long sequence, int run, int attempt = 1) =>
        new(new ActionKey(3, sequence, 0, attempt, run), new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects));

    private static EventProtocol.Ingest Ingest(string output, string pod = "cart-0")
    {
        var falcoEvent = Sample.Event(output, pod);
        return new EventProtocol.Ingest(3, DeliveryId.New(), EventId.Compute(falcoEvent), new string('0', 32), Sample.OneAction(), falcoEvent);
    }
}
