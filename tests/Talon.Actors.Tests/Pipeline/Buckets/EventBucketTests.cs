using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Buckets;
using Talon.Actors.Tests.Pipeline.Events;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Tests.Pipeline.Buckets;

/// <summary>One bucket on a journal that can be held up, its category and its runner played by the test.</summary>
public sealed class EventBucketTests : TestKit
{
    private readonly TestProbe _category;
    private readonly TestProbe _runner;
    private readonly TestProbe _outbox;
    private readonly HeldJournal.Gate _journal;
    private readonly FakeTimeProvider _clock = new();
    private readonly PipelineStatus _status;
    private readonly IActorRef _bucket;

    public EventBucketTests()
        : base(HeldJournal.Hocon)
    {
        _category = CreateTestProbe();
        _runner = CreateTestProbe();
        _outbox = CreateTestProbe();
        _journal = HeldJournal.GateOf(Sys);
        _status = TestContexts.Status(_clock);
        _bucket = Sys.ActorOf(EventBucket.CreateProps(
            TestContexts.Of(_category.Ref, repeatSafe: false) with { Clock = _clock, Status = _status }, 3));
    }

    [Fact]
    public async Task ActionFinished_OfAnotherRunWhileTheStartIsBeingWritten_DoesNotCount()
    {
        var key = AcceptAndPrepare();
        await Eventually.TrueAsync(() => _journal.Facts.OfType<Facts.Started>().Any());

        // What an earlier run of the same attempt found, that ended before it was journalled as started.
        var earlier = new EventProtocol.ActionFinished(key with { Run = key.Run + 1 }, SampleOutcomes.Failure(FailureKind.NotSent));
        _bucket.Tell(earlier, _outbox);
        _bucket.Tell(Ingest("behind it"), _outbox);
        _journal.Open();
        Assert.Equal(key, _runner.ExpectMsg<Go>().Key);
        _outbox.ExpectMsg<EventProtocol.IngestReply.Accepted>();

        _bucket.Tell(earlier, _outbox);
        Assert.Equal(earlier.Key, _outbox.ExpectMsg<EventProtocol.OutcomeConfirmed>().Key);
        _bucket.Tell(new EventProtocol.ActionFinished(key, new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects)), _outbox);
        Assert.Equal(key, _outbox.ExpectMsg<EventProtocol.OutcomeConfirmed>().Key);

        Assert.Single(_journal.Facts.OfType<Facts.Started>());
        Assert.Empty(_journal.Facts.OfType<Facts.RetryScheduled>());
        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(_journal.Facts.OfType<Facts.Finished>()).Outcome);
    }

    [Fact]
    public async Task HandOff_OutcomeThatComesInMeanwhile_IsForTheNextOwner()
    {
        var key = AcceptAndPrepare();
        await Eventually.TrueAsync(() => _journal.Facts.OfType<Facts.Started>().Any());
        Watch(_bucket);

        _bucket.Tell(EventProtocol.HandOff.Instance);
        _bucket.Tell(new EventProtocol.ActionFinished(key, new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects)), _outbox);
        _journal.Open();

        Assert.Equal(key, _runner.ExpectMsg<Go>().Key);
        ExpectTerminated(_bucket);
        Assert.False(_outbox.HasMessages);
        Assert.Empty(_journal.Facts.OfType<Facts.Finished>());
    }

    [Fact]
    public async Task Wake_JournalAnswers_WhatAnEarlierIncarnationWaitedForIsOver()
    {
        AcceptAndPrepare();
        _journal.Open();
        _runner.ExpectMsg<Go>();
        _status.JournalAsked(3);

        _bucket.Tell(new EventProtocol.Wake(3)); // too early to ask the journal
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.NotNull(_status.JournalSilence);
        _bucket.Tell(new EventProtocol.Wake(3));

        await Eventually.TrueAsync(() => _status.JournalSilence is null);
    }

    /// <summary>Brings an event to the point where its start is handed to a journal that does not answer.</summary>
    private ActionKey AcceptAndPrepare()
    {
        _bucket.Tell(Ingest("first"), TestActor);
        ExpectMsg<EventProtocol.IngestReply.Accepted>();
        var request = _category.ExpectMsg<RequestSlot>();
        _category.Reply(new SlotGranted(request.Key));
        _category.ExpectMsg<Begin>();
        _journal.Close();
        _category.LastSender.Tell(new Prepared(request.Key, new TargetRef("Pod", "shop", "cart-0", "uid-1")), _runner);
        return request.Key;
    }

    private static EventProtocol.Ingest Ingest(string output)
    {
        var falcoEvent = Sample.Event(output);
        return new EventProtocol.Ingest(3, DeliveryId.New(), EventId.Compute(falcoEvent), "0123456789abcdef0123456789abcdef", Sample.OneAction(), falcoEvent);
    }
}
