using System.Collections.Immutable;
using Talon.Actors.Outputs.ObjectStores;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs.ObjectStores;

public sealed class UploadDecisionTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly ImmutableSortedDictionary<string, string> Ours =
        ImmutableSortedDictionary<string, string>.Empty.Add("talon-event-key", "k").Add("talon-sha256", "d").Add("talon-rule", "r");

    public static TheoryData<FailureKind> Kinds { get; } = [.. Enum.GetValues<FailureKind>()];

    [Fact]
    public void Stored_IsDone() => Assert.IsType<UploadStep.Done>(new UploadDecision(Ours).After(new PutResult.Stored(), Hour, 0.5));

    [Fact]
    public void Exists_IsAsked() => Assert.IsType<UploadStep.Ask>(new UploadDecision(Ours).After(new PutResult.Exists(), Hour, 0.5));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Failed_OfEachKind_IsTriedAgainOrFinal(FailureKind kind)
    {
        var step = new UploadDecision(Ours).After(new PutResult.Failed(kind, "why"), Hour, 0.5);

        if (kind.IsTransient())
        {
            Assert.Equal(new UploadStep.Again(TimeSpan.FromMilliseconds(500)), step);
        }
        else
        {
            Assert.Equal(new UploadStep.Fail(kind, "why"), step);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Lost_OfAnyKind_IsTriedAgain(FailureKind kind) =>
        Assert.IsType<UploadStep.Again>(new UploadDecision(Ours).After(new PutResult.Failed(kind, "why") { Lost = true }, Hour, 0.5));

    [Fact]
    public void Failed_AskedToWait_Waits() => Assert.Equal(
        new UploadStep.Again(TimeSpan.FromSeconds(30)),
        new UploadDecision(Ours).After(new PutResult.Failed(FailureKind.Throttled, "why", TimeSpan.FromSeconds(30)), Hour, 0.5));

    // What an outcome says of the action: nothing of it may count as not carried out, because only the upload is missing.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Failed_WithoutTimeForAnother_NeverSaysThatNothingWasDone(FailureKind kind)
    {
        var step = new UploadDecision(Ours).After(new PutResult.Failed(kind, "why"), TimeSpan.FromMilliseconds(100), 0.5);

        var fail = Assert.IsType<UploadStep.Fail>(step);
        Assert.StartsWith("why", fail.Reason, StringComparison.Ordinal);
        Assert.False(fail.Kind.ProvablyNotDone());
        Assert.Equal(kind.IsTransient() ? (kind.MayHaveHappened() ? FailureKind.Timeout : FailureKind.ServerError) : kind, fail.Kind);
    }

    [Fact]
    public void Failed_ForSureNotCreated_EndsWithoutDoubt()
    {
        var fail = Assert.IsType<UploadStep.Fail>(
            new UploadDecision(Ours).After(new PutResult.Failed(FailureKind.ConnectionLost, "why") { NotCreated = true }, TimeSpan.Zero, 0.5));

        Assert.Equal(FailureKind.ServerError, fail.Kind);
    }

    [Theory]
    [InlineData("k", "d", true)]
    [InlineData("k", "other", false)]
    [InlineData("other", "d", false)]
    [InlineData(null, "d", false)]
    [InlineData("k", null, false)]
    public void Found_IsOursByEventKeyAndDigest(string? eventKey, string? digest, bool ours)
    {
        var theirs = ImmutableSortedDictionary<string, string>.Empty;
        theirs = eventKey is null ? theirs : theirs.Add("talon-event-key", eventKey);
        theirs = digest is null ? theirs : theirs.Add("talon-sha256", digest);

        var step = After(mayBeThere: false).After(new HeadResult.Found(3, theirs), Hour, 0.5);

        Assert.Equal(ours ? new UploadStep.Done() : new UploadStep.NextKey(), step);
    }

    [Fact]
    public void Missing_AfterExists_IsTriedAgain() =>
        Assert.IsType<UploadStep.Again>(After(mayBeThere: false).After(new HeadResult.Missing(), Hour, 0.5));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void HeadFailed_OfEachKind_DependsOnWhetherOursMayBeThere(FailureKind kind)
    {
        var result = new HeadResult.Failed(kind, "why");

        var without = After(mayBeThere: false).After(result, Hour, 0.5);
        var with = After(mayBeThere: true).After(result, Hour, 0.5);

        if (kind.IsTransient())
        {
            Assert.IsType<UploadStep.Again>(without);
            Assert.IsType<UploadStep.Again>(with);
        }
        else
        {
            Assert.IsType<UploadStep.NextKey>(without);
            Assert.Equal(FailureKind.Unknown, Assert.IsType<UploadStep.Fail>(with).Kind);
        }
    }

    [Fact]
    public void OutOfTime_BeforeAnyTry_IsTimeout() =>
        Assert.Equal(new UploadStep.Fail(FailureKind.Timeout, "late"), new UploadDecision(Ours).OutOfTime("late"));

    [Fact]
    public void Failed_AfterSeveralTries_SaysHowMany()
    {
        var decision = new UploadDecision(Ours);
        decision.After(new PutResult.Failed(FailureKind.ServerError, "first"), Hour, 0.5);

        Assert.Equal(new UploadStep.Fail(FailureKind.Forbidden, "second (after 2 tries)"), decision.After(new PutResult.Failed(FailureKind.Forbidden, "second"), Hour, 0.5));
    }

    // A decision that has seen the key taken, perhaps after a try that got no answer.
    private static UploadDecision After(bool mayBeThere)
    {
        var decision = new UploadDecision(Ours);
        if (mayBeThere)
        {
            decision.After(new PutResult.Failed(FailureKind.ConnectionLost, "cut"), Hour, 0.5);
        }

        Assert.IsType<UploadStep.Ask>(decision.After(new PutResult.Exists(), Hour, 0.5));
        return decision;
    }
}
