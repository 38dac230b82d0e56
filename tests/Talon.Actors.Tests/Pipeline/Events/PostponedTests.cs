using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Events;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Planning;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Tests.Pipeline.Events;

/// <summary>An event one of whose actions is put off, because what it needs is not there yet.</summary>
public sealed class PostponedTests : TestKit
{
    private const int Bucket = 3;

    private readonly TestProbe _bucket;
    private readonly TestProbe _category;
    private DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(2_000);

    public PostponedTests()
        : base(
            """
            akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
            akka.test.single-expect-default = 20s
            """)
    {
        _bucket = CreateTestProbe();
        _category = CreateTestProbe();
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Postponed_AsksForTheSlotAgainWithBackoffAndJournalsNothing()
    {
        var actor = Start(Sample.Plan(Sample.Rule("rule", Sample.Action(0))));
        var keys = new List<ActionKey>();
        foreach (double seconds in (double[])[0.25, 0.5, 1, 2, 2])
        {
            keys.Add(Postpone(actor));
            Scheduler.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            _category.ExpectNoMsg(TimeSpan.Zero);
            Scheduler.Advance(TimeSpan.FromMilliseconds(1));
        }

        keys.Add(_category.ExpectMsg<RequestSlot>().Key);
        Assert.All(keys, key => Assert.Equal((0, 1), (key.Position, key.Attempt)));
        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.False(_bucket.HasMessages);
    }

    [Fact]
    public void Postponed_TheOtherRulesGoOn_AndTheRestOfItsOwnWaits()
    {
        var actor = Start(Sample.Plan(Sample.Rule("late", Sample.Action(0), Sample.Action(1)), Sample.Rule("other", Sample.Action(2), Sample.Action(3))));

        Postpone(actor);

        var other = _category.ExpectMsg<RequestSlot>();
        Assert.Equal(2, other.Key.Position);
        actor.Tell(new SlotGranted(other.Key), _category);
        _category.ExpectMsg<Begin>();
        Scheduler.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(0, _category.ExpectMsg<RequestSlot>().Key.Position);
    }

    [Fact]
    public void Held_TheOtherRulesGoOn_AndItKeepsItsPlace()
    {
        var actor = Start(Sample.Plan(Sample.Rule("capture", Sample.Action(0)), Sample.Rule("kill", Sample.Action(1))));
        var first = _category.ExpectMsg<RequestSlot>();
        actor.Tell(new SlotHeld(first.Key), _category);

        var other = _category.ExpectMsg<RequestSlot>();
        Assert.Equal(1, other.Key.Position);
        actor.Tell(new SlotHeld(other.Key), _category);
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        _category.ExpectNoMsg(TimeSpan.Zero);
        actor.Tell(new SlotGranted(first.Key), _category);
        Assert.Equal(first.Key, _category.ExpectMsg<Begin>().Key);
    }

    [Fact]
    public void Postponed_OfARunThatIsNotWantedAnyMore_ChangesNothing()
    {
        var actor = Start(Sample.Plan(Sample.Rule("rule", Sample.Action(0))));
        var old = Postpone(actor);
        Scheduler.Advance(TimeSpan.FromMilliseconds(250));
        var request = _category.ExpectMsg<RequestSlot>();

        actor.Tell(new Postponed(old, "late"), _category);
        actor.Tell(new SlotGranted(request.Key), _category);

        Assert.Equal(request.Key, _category.ExpectMsg<Begin>().Key);
    }

    [Fact]
    public void Postponed_CategoryStartsAnew_TheWaitGoesOn()
    {
        var actor = Start(Sample.Plan(Sample.Rule("rule", Sample.Action(0))));
        Postpone(actor);

        actor.Tell(new CategoryStarted("kubernetes"));
        Scheduler.Advance(TimeSpan.FromMilliseconds(249));
        _category.ExpectNoMsg(TimeSpan.Zero);
        Scheduler.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(0, _category.ExpectMsg<RequestSlot>().Key.Position);
    }

    [Fact]
    public void Postponed_TooOldByTheNextLook_IsExpired()
    {
        var actor = Start(Sample.Plan(Sample.Rule("rule", Sample.Action(0))), new PipelineOptions { MaxAge = TimeSpan.FromHours(1) });
        Postpone(actor);
        _now += TimeSpan.FromHours(2);

        Scheduler.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal(Rules.Outcomes.FailureKind.Expired, _bucket.ExpectMsg<EndAction>().Outcome.Kind);
    }

    private ActionKey Postpone(IActorRef actor)
    {
        var request = _category.ExpectMsg<RequestSlot>();
        actor.Tell(new SlotGranted(request.Key), _category);
        Assert.Equal(request.Key, _category.ExpectMsg<Begin>().Key);
        actor.Tell(new Postponed(request.Key, "late"), CreateTestProbe());
        _bucket.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        return request.Key;
    }

    private IActorRef Start(EventPlan plan, PipelineOptions? options = null)
    {
        var falcoEvent = Sample.Event();
        var state = EventState.From(7, new Facts.Accepted(
            DeliveryId.New(), Rules.Events.EventId.Compute(falcoEvent), "0123456789abcdef0123456789abcdef", plan, falcoEvent, 1_000));
        var context = TestContexts.Of(_category.Ref, repeatSafe: true);
        if (options is not null)
        {
            context = context with { Options = options, Clock = new Clock(() => _now) };
        }

        return _bucket.ChildActorOf(EventActor.CreateProps(context, Bucket, state, recovered: false));
    }

    private sealed class Clock(Func<DateTimeOffset> now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now();
    }
}
