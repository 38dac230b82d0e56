using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Pipeline.State;

public sealed class EventStateTests
{
    private const int Run = 77;
    private static readonly TargetRef Pod = new("Pod", "shop", "cart-0", "uid-1");

    [Fact]
    public void From_Accepted_WaitsForItsFirstAction()
    {
        var state = New(Sample.Rule("one", Sample.Action(0), Sample.Action(1)));

        Assert.False(state.IsComplete);
        Assert.Equal(0, Next(state, 0));
        Assert.EndsWith("-7", state.Key, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_Success_MovesToTheNextActionAndCompletes()
    {
        var state = New(Sample.Rule("one", Sample.Action(0), Sample.Action(1))).Apply(Started(0, 1)).Apply(Finished(0, 1));

        Assert.Equal(1, Next(state, 0));
        Assert.False(state.IsComplete);
        Assert.True(state.Apply(Finished(1, 1)).IsComplete);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 1)]
    public void Apply_Failure_EndsTheRuleUnlessErrorsAreIgnored(bool ignoreErrors, int? next)
    {
        var state = New(Sample.Rule("one", Sample.Action(0) with { IgnoreErrors = ignoreErrors }, Sample.Action(1)))
            .Apply(Finished(0, 1, SampleOutcomes.Failure(FailureKind.Forbidden)));

        Assert.Equal(next, Next(state, 0));
    }

    [Fact]
    public void Apply_Ignored_CountsAsDone()
    {
        var state = New(Sample.Rule("one", Sample.Action(0), Sample.Action(1)))
            .Apply(Finished(0, 1, new ActionOutcome.Ignored("gone", SampleOutcomes.NoObjects)));

        Assert.Equal(1, Next(state, 0));
    }

    [Fact]
    public void Apply_Failure_LeavesOtherRulesAlone()
    {
        var state = New(Sample.Rule("one", Sample.Action(0)), Sample.Rule("two", Sample.Action(1)))
            .Apply(Finished(0, 1, SampleOutcomes.Failure(FailureKind.Forbidden)));

        Assert.Null(Next(state, 0));
        Assert.Equal(1, Next(state, 1));
        Assert.False(state.IsComplete);
    }

    [Fact]
    public void Apply_Retry_KeepsTheFirstTargetAndTheFirstFailure()
    {
        var state = New(Sample.Rule("one", Sample.Action(0)))
            .Apply(Started(0, 1)).Apply(Retry(0, 1, at: 1_000, delay: 500))
            .Apply(Started(0, 2, new TargetRef("Pod", "shop", "cart-0", "uid-2"))).Apply(Retry(0, 2, at: 2_000, delay: 1_000));

        var action = state.Actions[0];
        Assert.Equal(ActionPhase.Waiting, action.Phase);
        Assert.Equal(2, action.Attempt);
        Assert.Equal("uid-1", action.Target!.Uid);
        Assert.Equal(1_000, action.FirstFailureAt);
        Assert.Equal(3_000, action.NotBefore);
    }

    [Fact]
    public void Expects_OnlyTheOpenOrTheNextAttempt()
    {
        var state = New(Sample.Rule("one", Sample.Action(0), Sample.Action(1))).Apply(Started(0, 1)).Apply(Retry(0, 1)).Apply(Started(0, 2));

        Assert.False(state.Expects(0, 1, Run));
        Assert.True(state.Expects(0, 2, Run));
        Assert.True(state.Expects(0, 3, Run));
        Assert.False(state.Expects(0, 4, Run));
        Assert.False(state.Expects(1, 1, Run));
        Assert.False(state.Expects(99, 1, Run));
        Assert.False(state.Apply(Finished(0, 2)).Expects(0, 2, Run));
        Assert.True(state.Apply(Finished(0, 2)).Expects(1, 1, Run));
    }

    [Fact]
    public void Expects_OpenAttempt_OnlyItsOwnRun()
    {
        var state = New(Sample.Rule("one", Sample.Action(0))).Apply(Started(0, 1));

        Assert.True(state.Expects(0, 1, Run));
        Assert.False(state.Expects(0, 1, Run + 1));
    }

    [Fact]
    public void MayStart_OnlyTheNextAttemptOfTheActionWhoseTurnItIs()
    {
        var state = New(Sample.Rule("one", Sample.Action(0), Sample.Action(1)));

        Assert.True(state.MayStart(Started(0, 1)));
        Assert.False(state.MayStart(Started(0, 2)));
        Assert.False(state.MayStart(Started(1, 1)));
        Assert.False(state.Apply(Retry(0, 1)).MayStart(Started(0, 1)));
        Assert.True(state.Apply(Retry(0, 1)).MayStart(Started(0, 2)));
        Assert.False(state.Apply(Finished(0, 1)).MayStart(Started(0, 2)));
    }

    [Theory]
    [InlineData(FailureKind.Throttled, false)]
    [InlineData(FailureKind.Unreachable, false)]
    [InlineData(FailureKind.NotSent, false)]
    [InlineData(FailureKind.ServerError, true)]
    [InlineData(FailureKind.Timeout, true)]
    [InlineData(FailureKind.ConnectionLost, true)]
    public void Apply_Retry_KnowsWhetherTheEffectMayExist(FailureKind kind, bool mayBeDone)
    {
        var once = New(Sample.Rule("one", Sample.Action(0))).Apply(Started(0, 1)).Apply(Retry(0, 1, kind: kind));
        var twice = once.Apply(Started(0, 2)).Apply(Retry(0, 2, kind: FailureKind.Throttled));

        Assert.Equal(mayBeDone, once.Actions[0].MayBeDone);
        Assert.Equal(mayBeDone, twice.Actions[0].MayBeDone);
    }

    [Fact]
    public void Apply_Resumed_CountsUntilThereIsProgress()
    {
        var state = New(Sample.Rule("one", Sample.Action(0)));
        for (int i = 0; i < EventState.MaxResumes; i++)
        {
            Assert.False(state.IsResumedTooOften);
            state = state.Apply(new Facts.Resumed(7, $"incarnation {i}", 0)).Apply(Started(0, i + 1));
        }

        Assert.True(state.IsResumedTooOften);
        Assert.False(state.Apply(Retry(0, 3)).IsResumedTooOften);
    }

    [Fact]
    public void Apply_ResumedByOneProcess_CountsOnceAndIsBoundedAllTheSame()
    {
        var state = New(Sample.Rule("one", Sample.Action(0)));
        for (int i = 0; i < EventState.MaxResumesByOne; i++)
        {
            Assert.False(state.IsResumedTooOften);
            state = state.Apply(new Facts.Resumed(7, "incarnation", 0));
            Assert.Equal(1, state.Resumes);
        }

        Assert.True(state.IsResumedTooOften);
        Assert.Equal((0, 0), (state.Apply(Finished(0, 1)).Resumes, state.Apply(Finished(0, 1)).ResumesByLast));
    }

    [Fact]
    public void Apply_Parked_CompletesTheWholeEvent()
    {
        var state = New(Sample.Rule("one", Sample.Action(0) with { IgnoreErrors = true }, Sample.Action(1)), Sample.Rule("two", Sample.Action(2)))
            .Apply(Finished(0, 1, SampleOutcomes.Failure(FailureKind.Parked)));

        Assert.True(state.IsComplete);
    }

    [Fact]
    public void Apply_History_RebuildsTheSameState()
    {
        var state = New(Sample.Rule("one", Sample.Action(0), Sample.Action(1)))
            .Apply(Started(0, 1)).Apply(Retry(0, 1)).Apply(Started(0, 2)).Apply(Finished(0, 2)).Apply(Started(1, 1));

        var rebuilt = state.History.Skip(1).Cast<Facts.AboutEvent>()
            .Aggregate(EventState.From(state.Sequence, state.Accepted), (s, fact) => s.Apply(fact));

        Assert.Equal(state.Actions.AsEnumerable(), rebuilt.Actions.AsEnumerable());
        Assert.Equal(state.Resumes, rebuilt.Resumes);
    }

    private static EventState New(params PlannedRule[] rules)
    {
        var falcoEvent = Sample.Event();
        return EventState.From(7, new Facts.Accepted(
            DeliveryId.New(), EventId.Compute(falcoEvent), new string('0', 32), Sample.Plan(rules), falcoEvent, 0));
    }

    private static int? Next(EventState state, int rule) => state.NextOf(state.Accepted.Plan.Rules[rule])?.Position;

    private static Facts.Started Started(int position, int attempt, TargetRef? target = null) =>
        new(7, position, attempt, Run, "node", "incarnation", target ?? Pod, 30_000, 0);

    private static Facts.Finished Finished(int position, int attempt, ActionOutcome? outcome = null) =>
        new(7, position, attempt, outcome ?? new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects), 0);

    private static Facts.RetryScheduled Retry(int position, int attempt, long at = 0, long delay = 500, FailureKind kind = FailureKind.ServerError) =>
        new(7, position, attempt, kind, "500", delay, at);
}
