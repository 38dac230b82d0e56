using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.State;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline;

public sealed class RetryPolicyTests
{
    private const long Now = 1_000_000;

    [Theory]
    [InlineData(1, 0.0, 400)]
    [InlineData(1, 0.5, 500)]
    [InlineData(2, 0.5, 1_000)]
    [InlineData(3, 0.5, 2_000)]
    [InlineData(7, 0.5, 30_000)]
    [InlineData(500, 0.5, 30_000)]
    public void Backoff_Attempt_DoublesUpToTheCap(int attempt, double jitter, double milliseconds) =>
        Assert.Equal(milliseconds, RetryPolicy.Backoff(attempt, jitter).TotalMilliseconds);

    [Theory]
    [InlineData(FailureKind.Throttled, true, true)]
    [InlineData(FailureKind.Unreachable, true, true)]
    [InlineData(FailureKind.NotSent, true, true)]
    [InlineData(FailureKind.ServerError, true, false)]
    [InlineData(FailureKind.Timeout, true, false)]
    [InlineData(FailureKind.ConnectionLost, true, false)]
    [InlineData(FailureKind.Forbidden, false, false)]
    [InlineData(FailureKind.Unauthorized, false, false)]
    [InlineData(FailureKind.NotFound, false, false)]
    [InlineData(FailureKind.Conflict, false, false)]
    [InlineData(FailureKind.Rejected, false, false)]
    [InlineData(FailureKind.Invalid, false, false)]
    [InlineData(FailureKind.Crashed, false, false)]
    [InlineData(FailureKind.Expired, false, false)]
    public void Decide_Kind_RetriesOnlyWhatIsSafe(FailureKind kind, bool whenRepeatSafe, bool whenNot)
    {
        Assert.Equal(whenRepeatSafe, Retries(kind, repeatSafe: true));
        Assert.Equal(whenNot, Retries(kind, repeatSafe: false));
    }

    [Fact]
    public void Decide_ServerAsksForLonger_IsObeyed()
    {
        var (retryIn, _) = Decide(SampleOutcomes.Failure(FailureKind.Throttled, TimeSpan.FromSeconds(17)), ActionState.Fresh, repeatSafe: true);

        Assert.Equal(TimeSpan.FromSeconds(17), retryIn);
    }

    [Fact]
    public void Decide_FailingLongerThanTheWindow_GivesUpAndSaysSo()
    {
        var state = ActionState.Fresh with { FirstFailureAt = Now - 299_900 };

        var (retryIn, final) = Decide(SampleOutcomes.Failure(FailureKind.ServerError), state, repeatSafe: true, attempt: 9);

        Assert.Null(retryIn);
        var failed = Assert.IsType<ActionOutcome.Failed>(final);
        Assert.Equal(FailureKind.ServerError, failed.Kind);
        Assert.Contains("gave up after 9 attempts", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_TimeoutOfWhatMustNotRepeat_EndsAsUnknown()
    {
        var (_, final) = Decide(SampleOutcomes.Failure(FailureKind.Timeout), ActionState.Fresh, repeatSafe: false);

        Assert.Equal(FailureKind.Unknown, Assert.IsType<ActionOutcome.Failed>(final).Kind);
    }

    [Fact]
    public void Decide_Ignored_IsFinal()
    {
        var ignored = new ActionOutcome.Ignored("why", SampleOutcomes.NoObjects);

        Assert.Equal((null, ignored), Decide(ignored, ActionState.Fresh, repeatSafe: true));
    }

    private static bool Retries(FailureKind kind, bool repeatSafe) =>
        Decide(SampleOutcomes.Failure(kind), ActionState.Fresh, repeatSafe).RetryIn is not null;

    private static (TimeSpan? RetryIn, ActionOutcome Final) Decide(ActionOutcome outcome, ActionState state, bool repeatSafe, int attempt = 1) =>
        RetryPolicy.Decide(outcome, attempt, state, new FakeActionner(repeatSafe: repeatSafe).Descriptor, TimeSpan.FromMinutes(5), Now, 0.5);
}
