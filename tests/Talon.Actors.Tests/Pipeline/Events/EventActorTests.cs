using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Events;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Tests.Pipeline.Events;

/// <summary>One event, its bucket and its category played by the test: orders of messages that are rare on a real node.</summary>
public sealed class EventActorTests : TestKit
{
    private const int Bucket = 3;

    private readonly TestProbe _bucket;
    private readonly TestProbe _category;

    public EventActorTests()
        : base(
            """
            akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
            akka.test.single-expect-default = 20s
            """)
    {
        _bucket = CreateTestProbe();
        _category = CreateTestProbe();
    }

    [Fact]
    public void Finished_OfAnEarlierAttemptWhileItsRepeatIsBeingResumed_GivesTheSlotBackAndGoesOn()
    {
        var state = Recovered();
        var actor = _bucket.ChildActorOf(EventActor.CreateProps(Context(), Bucket, state, recovered: true));
        var repeat = _category.ExpectMsg<RequestSlot>();
        Assert.Equal((0, 2), (repeat.Key.Position, repeat.Key.Attempt));
        actor.Tell(new SlotGranted(repeat.Key), _category);
        Assert.IsType<Facts.Resumed>(_bucket.ExpectMsg<WriteFact>().Fact);

        var finished = new Facts.Finished(state.Sequence, 0, 1, new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects), 3_000);
        actor.Tell(new StateChanged(state.Apply(finished), finished), _bucket);

        Assert.Equal(repeat.Key, _category.ExpectMsg<Decline>().Key);
        var next = _category.ExpectMsg<RequestSlot>();
        Assert.Equal((1, 1), (next.Key.Position, next.Key.Attempt));
    }

    [Fact]
    public void Finished_OfAnEarlierAttemptWhileItsRepeatWaitsForASlot_WithdrawsTheRequest()
    {
        var state = Recovered();
        var actor = _bucket.ChildActorOf(EventActor.CreateProps(Context(), Bucket, state, recovered: true));
        var repeat = _category.ExpectMsg<RequestSlot>();

        var finished = new Facts.Finished(state.Sequence, 0, 1, new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects), 3_000);
        actor.Tell(new StateChanged(state.Apply(finished), finished), _bucket);

        Assert.Equal(repeat.Key, _category.ExpectMsg<Decline>().Key);
        Assert.Equal(1, _category.ExpectMsg<RequestSlot>().Key.Position);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Recovered_OpenAttemptOfItsOwnProcessThatNobodyKnows_EndsAsNotSent(bool repeatSafe)
    {
        var state = Recovered(incarnation: "here");
        var actor = _bucket.ChildActorOf(EventActor.CreateProps(Context(repeatSafe), Bucket, state, recovered: true));
        var asked = _category.ExpectMsg<AskAttempt>();
        Assert.Equal(new ActionKey(Bucket, 7, 0, 1, 77), asked.Key);

        actor.Tell(new AttemptUnknown(asked.Key, MayHaveRun: false), _category);

        var end = _bucket.ExpectMsg<EndAction>();
        Assert.Equal((asked.Key, FailureKind.NotSent), (end.Key, end.Outcome.Kind));
        var retry = new Facts.RetryScheduled(7, 0, 1, end.Outcome.Kind, end.Outcome.Reason, 0, 3_000);
        var next = state.Apply(retry);
        Assert.False(next.Actions[0].MayBeDone);
        actor.Tell(new StateChanged(next, retry), _bucket);
        var again = (RequestSlot)_category.FishForMessage(message => message is RequestSlot);
        Assert.Equal((0, 2), (again.Key.Position, again.Key.Attempt));
    }

    [Fact]
    public void Recovered_OpenAttemptOfItsOwnProcessThatRuns_IsAskedForAgainAndItsOutcomeCounts()
    {
        var state = Recovered(incarnation: "here");
        var actor = _bucket.ChildActorOf(EventActor.CreateProps(Context(repeatSafe: false), Bucket, state, recovered: true));
        var asked = _category.ExpectMsg<AskAttempt>();
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(asked, _category.ExpectMsg<AskAttempt>());

        var finished = new Facts.Finished(7, 0, 1, new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects), 3_000);
        actor.Tell(new StateChanged(state.Apply(finished), finished), _bucket);
        actor.Tell(new AttemptUnknown(asked.Key, MayHaveRun: false), _category);

        var next = (RequestSlot)_category.FishForMessage(message => message is RequestSlot);
        Assert.Equal((1, 1), (next.Key.Position, next.Key.Attempt));
        Assert.False(_bucket.HasMessages);
    }

    [Fact]
    public void Recovered_OpenAttemptOfItsOwnProcessThatWasForgotten_IsInterrupted()
    {
        var actor = _bucket.ChildActorOf(EventActor.CreateProps(Context(repeatSafe: false), Bucket, Recovered(incarnation: "here"), recovered: true));
        var asked = _category.ExpectMsg<AskAttempt>();

        actor.Tell(new AttemptUnknown(asked.Key, MayHaveRun: true), _category);

        Assert.Equal(FailureKind.Interrupted, _bucket.ExpectMsg<EndAction>().Outcome.Kind);
    }

    [Fact]
    public void Started_OfTheActorBeforeIt_ReplacesWhatItHasBegun()
    {
        var state = Fresh();
        var (actor, runner, _) = Prepare(state);

        var started = Started("here");
        actor.Tell(new StateChanged(state.Apply(started), started), _bucket);

        runner.ExpectMsg<RequesterGone>();
        Assert.Equal(77, _category.ExpectMsg<AskAttempt>().Key.Run);
    }

    [Fact]
    public void Running_NoOutcomeLongAfterItsDeadline_IsAskedAboutAndNotGivenUp()
    {
        var scheduler = (TestScheduler)Sys.Scheduler;
        var state = Fresh();
        var (actor, runner, started) = Prepare(state);
        actor.Tell(new StateChanged(state.Apply(started), started), _bucket);
        runner.ExpectMsg<Go>();

        scheduler.Advance(TimeSpan.FromMilliseconds(started.TimeoutMs) + TimeSpan.FromSeconds(10));

        Assert.Equal(new ActionKey(Bucket, 7, 0, 1, started.Run), _category.ExpectMsg<AskAttempt>().Key);
        Assert.False(_bucket.HasMessages);
    }

    /// <summary>Brings a new event to the point where it asks for its start to be journalled.</summary>
    private (IActorRef Actor, TestProbe Runner, Facts.Started Started) Prepare(EventState state)
    {
        var actor = _bucket.ChildActorOf(EventActor.CreateProps(Context(repeatSafe: false), Bucket, state, recovered: false));
        var request = _category.ExpectMsg<RequestSlot>();
        var runner = CreateTestProbe();
        actor.Tell(new SlotGranted(request.Key), _category);
        _category.ExpectMsg<Begin>();
        actor.Tell(new Prepared(request.Key, Target: null), runner);
        return (actor, runner, (Facts.Started)_bucket.ExpectMsg<WriteFact>().Fact);
    }

    // Another process has started the first of two actions and is not provably over; with a precondition on the uid it may be run again at once.
    private static EventState Recovered(string incarnation = "other") => Fresh().Apply(Started(incarnation));

    private static Facts.Started Started(string incarnation) => new(
        7, 0, 1, 77, $"akka.tcp://talon@{incarnation}:4053", incarnation, new TargetRef("Pod", "shop", "cart-0", "uid-1"), 30_000, 2_000);

    private static EventState Fresh()
    {
        var falcoEvent = Sample.Event();
        return EventState.From(7, new Facts.Accepted(
            DeliveryId.New(), EventId.Compute(falcoEvent), "0123456789abcdef0123456789abcdef", Sample.Plan(Sample.Rule("rule", Sample.Action(0), Sample.Action(1))), falcoEvent, 1_000));
    }

    private PipelineContext Context(bool repeatSafe = true) => TestContexts.Of(_category.Ref, repeatSafe);
}
