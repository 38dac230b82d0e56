using Akka.Actor;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Events;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Pipeline.Events;

/// <summary>What is done next about an event, from what is journalled and what this process ("here") remembers.</summary>
public sealed class NextStepTests
{
    private const long Now = 100_000;
    private const long MaxAge = 60_000;

    private readonly EventProgress _progress = new();

    [Theory]
    [InlineData("", "ask 1")]
    [InlineData("retry 99999", "ask 2")]
    [InlineData("retry 100000", "ask 2")]
    [InlineData("retry 130000", "wait 130000")]
    [InlineData("start here", "ask own process")]
    [InlineData("start gone", "end Interrupted 1 of run 77")]
    [InlineData("start other", "await 40 s")]
    [InlineData("start here, resumed too often", "ask own process")]
    [InlineData("start gone, resumed too often", "end Parked 1 of run 77")]
    [InlineData("resumed too often", "end Parked 1 of run 0")]
    [InlineData("finish", "")]
    public void Of_OneActionThatIsNotRepeatSafe(string facts, string expected) =>
        Assert.Equal(expected, Text(NextStep.Of(After(facts, Plan()), Now, Resumed(facts), Context(repeatSafe: false))));

    [Theory]
    [InlineData("start here", "ask own process")]
    [InlineData("start gone", "ask 2")]
    [InlineData("start other", "ask 2")] // with a precondition on the uid a second write changes nothing
    public void Of_OneActionThatIsRepeatSafe(string facts, string expected) =>
        Assert.Equal(expected, Text(NextStep.Of(After(facts, Plan()), Now, _progress, Context(repeatSafe: true))));

    [Fact]
    public void Of_OpenAttemptThatWasGivenUp_IsEndedAsInterrupted()
    {
        _progress.GiveUp(0, 1);

        foreach (string who in (string[])["here", "other"])
        {
            Assert.Equal("end Interrupted 1 of run 77", Text(NextStep.Of(After($"start {who}", Plan()), Now, _progress, Context(repeatSafe: false))));
        }
    }

    [Theory]
    [InlineData(Now - MaxAge, "", "end Expired 1 of run 0")]
    [InlineData(Now - MaxAge + 1, "", "ask 1")]
    [InlineData(Now - MaxAge + 10, "retry 130000", "wait 100010")] // not longer than it may be begun at all
    [InlineData(Now - MaxAge, "start gone", "end Interrupted 1 of run 77")]
    [InlineData(Now - MaxAge, "start other", "await 40 s")]
    public void Of_OldEvent_NothingNewIsBegun(long acceptedAt, string facts, string expected) => Assert.Equal(
        expected, Text(NextStep.Of(After(facts, Plan(), acceptedAt), Now, _progress, Context(repeatSafe: false, maxAge: MaxAge))));

    [Fact]
    public void Of_ActionnerThatThisNodeLacks_EndsTheAction()
    {
        var context = Context(repeatSafe: true) with { Categories = new Dictionary<string, IActorRef>(StringComparer.Ordinal) };

        Assert.Equal("end UnknownActionner 1 of run 0", Text(NextStep.Of(After("", Plan()), Now, _progress, context)));
    }

    [Fact]
    public void Of_SeveralRules_OneThatIsUnderWayHoldsUpTheNext_OneThatWaitsDoesNot()
    {
        var plan = Sample.Plan(Sample.Rule("one", Sample.Action(0)), Sample.Rule("two", Sample.Action(1)), Sample.Rule("three", Sample.Action(2)));
        var context = Context(repeatSafe: false);
        var steps = NextStep.Of(After("", plan), Now, _progress, context);
        Assert.Equal("ask 1", Text(steps));

        var attempt = new Attempt(new ActionKey(0, 7, 0, 1, 5), (NextStep.RequestSlot)steps[0], new FakeActionner(), ActorRefs.Nobody);
        _progress.Begin(attempt);
        Assert.Empty(NextStep.Of(After("", plan), Now, _progress, context));

        attempt.Hold();
        Assert.Equal(1, Assert.Single(NextStep.Of(After("", plan), Now, _progress, context)).Action.Position);

        _progress.Postpone(attempt, 0.5);
        Assert.Equal(1, Assert.Single(NextStep.Of(After("", plan), Now, _progress, context)).Action.Position);

        _progress.End(1);
        Assert.Empty(NextStep.Of(After("", plan), Now, _progress, context));

        _progress.Forget(1);
        Assert.Equal("wait 130000; ask 1", Text(NextStep.Of(After("retry 130000", plan), Now, Forgotten(), context)));
    }

    /// <summary>Whatever happened before: no rule is broken that keeps an action from running twice or out of turn.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_RandomHistories_KeepTheRules(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++)
        {
            bool repeatSafe = random.Next(2) == 0;
            var plan = Sample.Plan(Sample.Rule("one", Sample.Action(0), Sample.Action(1)), Sample.Rule("two", Sample.Action(2)));
            var state = RandomState(random, plan);
            var progress = new EventProgress { MustResume = random.Next(2) == 0 };
            if (random.Next(4) == 0)
            {
                progress.GiveUp(random.Next(3), 1);
            }

            var steps = NextStep.Of(state, Now, progress, Context(repeatSafe, maxAge: MaxAge));

            // Each rule has at most one step, in file order, and only the last may be one that holds up the others.
            Assert.Equal(steps.Select(step => step.Rule.Name).Distinct(), steps.Select(step => step.Rule.Name));
            Assert.All(steps.SkipLast(1), step => Assert.False(step is NextStep.RequestSlot or NextStep.End));
            foreach (var step in steps)
            {
                var journalled = state.Actions[step.Action.Position];
                Assert.Same(state.NextOf(step.Rule), step.Action);
                Assert.NotEqual(ActionPhase.Over, journalled.Phase);
                bool isOpen = journalled.Phase == ActionPhase.Open;
                bool givenUp = progress.IsGivenUp(step.Action.Position, journalled.Attempt);
                switch (step)
                {
                    case NextStep.RequestSlot:
                        Assert.Equal(journalled.Attempt + 1, step.Attempt);
                        Assert.False(isOpen && !repeatSafe);
                        Assert.False(isOpen && journalled.Open!.Incarnation == "here" && !givenUp);
                        Assert.False(journalled.NotBefore > Now);
                        Assert.True(state.Accepted.At + MaxAge > Now);
                        break;
                    case NextStep.WaitUntil wait:
                        Assert.InRange(wait.At, Now + 1, journalled.NotBefore!.Value);
                        break;
                    case NextStep.AskOwnProcess:
                        Assert.Equal("here", journalled.Open!.Incarnation);
                        Assert.False(givenUp);
                        break;
                    case NextStep.AwaitOutcome:
                        Assert.Equal("other", journalled.Open!.Incarnation);
                        Assert.False(repeatSafe || givenUp);
                        break;
                    case NextStep.End end:
                        // What may have been done is never said to be new: its own attempt is ended.
                        Assert.Equal(isOpen ? (journalled.Attempt, journalled.Open!.Run) : (journalled.Attempt + 1, 0), (end.Attempt, end.Run));
                        break;
                }
            }
        }
    }

    private EventProgress Resumed(string facts)
    {
        _progress.MustResume = facts.Contains("resumed", StringComparison.Ordinal);
        return _progress;
    }

    private static EventProgress Forgotten() => new();

    private static EventState RandomState(Random random, EventPlan plan)
    {
        var state = Accepted(plan, Now - random.Next((int)(2 * MaxAge)));
        for (int step = random.Next(8); step > 0 && !state.IsComplete; step--)
        {
            var next = plan.Rules.Select(state.NextOf).OfType<PlannedAction>().OrderBy(_ => random.Next()).First();
            int position = next.Position;
            var journalled = state.Actions[position];
            state = state.Apply((random.Next(4), journalled.Phase) switch
            {
                (0, ActionPhase.Open) => new Facts.RetryScheduled(7, position, journalled.Attempt, FailureKind.Throttled, "busy", random.Next(2 * (int)Now), 0),
                (1, ActionPhase.Open) => new Facts.Finished(7, position, journalled.Attempt, new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects), 0),
                (2, _) => new Facts.Resumed(7, "here", 0),
                (3, ActionPhase.Waiting) => new Facts.Finished(7, position, journalled.Attempt + 1, SampleOutcomes.Failure(FailureKind.Forbidden), 0),
                (_, ActionPhase.Waiting) => Started(position, journalled.Attempt + 1, new[] { "here", "other", "gone" }[random.Next(3)]),
                _ => new Facts.Resumed(7, "other", 0),
            });
        }

        return state;
    }

    private static EventState After(string facts, EventPlan plan, long acceptedAt = 50_000)
    {
        var state = Accepted(plan, acceptedAt);
        foreach (string fact in facts.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = fact.Split(' ');
            state = words[0] switch
            {
                "start" => state.Apply(Started(0, 1, words[1])),
                "retry" => state.Apply(new Facts.RetryScheduled(7, 0, 1, FailureKind.Throttled, "busy", long.Parse(words[1], null) - 50_000, 50_000)),
                "finish" => state.Apply(new Facts.Finished(7, 0, 1, new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects), 50_000)),
                "resumed" => Enumerable.Range(0, EventState.MaxResumes).Aggregate(state, (s, i) => s.Apply(new Facts.Resumed(7, $"process {i}", 50_000))),
                _ => throw new ArgumentOutOfRangeException(nameof(facts), fact, "no such fact"),
            };
        }

        return state;
    }

    private static EventState Accepted(EventPlan plan, long at)
    {
        var falcoEvent = Sample.Event();
        return EventState.From(7, new Facts.Accepted(DeliveryId.New(), EventId.Compute(falcoEvent), new string('0', 32), plan, falcoEvent, at));
    }

    private static Facts.Started Started(int position, int attempt, string incarnation) => new(
        7, position, attempt, 77, $"akka.tcp://talon@{incarnation}:4053", incarnation, new TargetRef("Pod", "shop", "cart-0", "uid-1"), 30_000, 50_000);

    private static EventPlan Plan() => Sample.Plan(Sample.Rule("rule", Sample.Action(0)));

    private static PipelineContext Context(bool repeatSafe, long maxAge = 0)
    {
        var context = TestContexts.Of(ActorRefs.Nobody, repeatSafe);
        return context with
        {
            Options = context.Options with { MaxAge = TimeSpan.FromMilliseconds(maxAge) },
            IsGone = (_, incarnation) => incarnation == "gone",
        };
    }

    private static string Text(IEnumerable<NextStep> steps) => string.Join("; ", steps.Select(step => step switch
    {
        NextStep.RequestSlot => $"ask {step.Attempt}",
        NextStep.WaitUntil wait => $"wait {wait.At}",
        NextStep.AskOwnProcess => "ask own process",
        NextStep.AwaitOutcome wait => $"await {wait.Patience.TotalSeconds} s",
        NextStep.End end => $"end {end.Outcome.Kind} {end.Attempt} of run {end.Run}",
        _ => step.ToString(),
    }));
}
