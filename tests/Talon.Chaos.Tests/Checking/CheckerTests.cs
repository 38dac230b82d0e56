using Talon.Chaos.Checking;
using Talon.Chaos.Records;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;
using static Talon.Chaos.Tests.Checking.RunBuilder;

namespace Talon.Chaos.Tests.Checking;

/// <summary>Each kind of violation, planted into a run in which everything else is right.</summary>
public sealed class CheckerTests
{
    private readonly RunBuilder _run = new();

    [Fact]
    public void Check_EverythingWentWell_FindsNothingAndCounts()
    {
        _run.Good();
        var (labelled, _) = _run.Good(WorkKind.Label);
        _run.Labelled(labelled, "a");
        _run.Good(WorkKind.Exec, bucket: "bucket-2");
        _run.Answer(labelled, AnswerKind.Accepted, 0.5);
        var refused = _run.Post();
        _run.Answer(refused, AnswerKind.Refused);
        var unknown = _run.Post();
        _run.Answer(unknown, AnswerKind.Refused);
        _run.Answer(unknown, AnswerKind.Unknown);

        var verdict = _run.Check();

        Assert.Empty(verdict.Violations);
        Assert.Equal((5, 7, 3, 1, 1), (verdict.Sent, verdict.Posts, verdict.Accepted, verdict.Refused, verdict.Unknown));
        Assert.Equal((3, 0, 1), (verdict.Effects, verdict.Unconfirmed, verdict.RuleSets));
    }

    [Fact]
    public void Check_AnsweredButNotInTheJournal_IsLost()
    {
        var chaos = _run.Post();
        _run.Answer(chaos, AnswerKind.Accepted);

        AssertOnly(ViolationKind.Lost, "not in the journal");
    }

    [Fact]
    public void Check_AcceptedAndNeverFinished_IsLost()
    {
        var chaos = _run.Post();
        _run.Answer(chaos, AnswerKind.Accepted);
        _run.Start(_run.Accept(chaos));
        _run.Effect(chaos);

        AssertOnly(ViolationKind.Lost, "has no outcome");
    }

    [Fact]
    public void Check_SecondActionOfThePlanIsMissing_IsLost()
    {
        var chaos = _run.Post();
        long sequence = _run.Accept(chaos, actions: [Action(0, "kubernetes:exec"), Action(1, "kubernetes:terminate")]);
        _run.Start(sequence);
        _run.Effect(chaos, "exec");
        _run.Finish(sequence);

        AssertOnly(ViolationKind.Lost, "'action 1' has no outcome");
    }

    [Fact]
    public void Check_FirstActionFailed_TheRestOfItsRuleIsNotMissed()
    {
        var chaos = _run.Post();
        long sequence = _run.Accept(chaos, actions: [Action(0, "kubernetes:exec"), Action(1, "kubernetes:terminate")]);
        _run.Start(sequence);
        _run.Finish(sequence, Failure(FailureKind.Interrupted));

        var verdict = _run.Check();

        Assert.Empty(verdict.Violations);
        Assert.Equal(1, verdict.Failures["Interrupted"]);
    }

    [Fact]
    public void Check_ReportedAsDoneWithoutEffect_IsLost()
    {
        var (chaos, _) = _run.Good();
        _run.Effects.RemoveAll(e => e.Uid == chaos.Uid);

        AssertOnly(ViolationKind.Lost, "nothing was done");
    }

    [Fact]
    public void Check_IgnoredThoughThePodWasThere_IsLost()
    {
        var chaos = _run.Post();
        _run.Finish(_run.Accept(chaos), new ActionOutcome.Ignored("already gone", Nothing));

        AssertOnly(ViolationKind.Lost, "already gone");
    }

    [Fact]
    public void Check_DoneButReportedAsIgnored_IsMisreported()
    {
        var chaos = _run.Post();
        long sequence = _run.Accept(chaos);
        _run.Start(sequence);
        _run.Effect(chaos);
        _run.Finish(sequence, new ActionOutcome.Ignored("already gone", Nothing));

        AssertOnly(ViolationKind.Misreported, "reported as ignored");
    }

    [Fact]
    public void Check_DoneButReportedAsForbidden_IsMisreported()
    {
        var chaos = _run.Post();
        long sequence = _run.Accept(chaos);
        _run.Start(sequence);
        _run.Effect(chaos);
        _run.Finish(sequence, Failure(FailureKind.Forbidden));

        AssertOnly(ViolationKind.Misreported, "Forbidden");
    }

    [Fact]
    public void Check_InterruptedWithOneEffect_IsAllowed()
    {
        var chaos = _run.Post(WorkKind.Exec);
        long sequence = _run.Accept(chaos, actions: Action(0, "kubernetes:exec"));
        _run.Start(sequence);
        _run.Effect(chaos, "exec");
        _run.Finish(sequence, Failure(FailureKind.Interrupted));

        Assert.Empty(_run.Check().Violations);
    }

    [Fact]
    public void Check_TwoEffects_IsDoubled()
    {
        var (chaos, _) = _run.Good(WorkKind.Exec);
        _run.Effect(chaos, "exec", 0.35);

        AssertOnly(ViolationKind.Doubled, "2 effects by exec");
    }

    [Fact]
    public void Check_InterruptedWithTwoEffects_IsDoubled()
    {
        var chaos = _run.Post(WorkKind.Exec);
        long sequence = _run.Accept(chaos, actions: Action(0, "kubernetes:exec"));
        _run.Start(sequence);
        _run.Effect(chaos, "exec", 0.3);
        _run.Effect(chaos, "exec", 20);
        _run.Finish(sequence, Failure(FailureKind.Interrupted));

        AssertOnly(ViolationKind.Doubled, "2 effects by exec");
    }

    [Fact]
    public void Check_AcceptedTwiceWithinTheWindow_IsDoubled()
    {
        var (chaos, _) = _run.Good();
        long second = _run.Accept(chaos, at: 2);
        _run.Finish(second, new ActionOutcome.Ignored("already gone", Nothing));

        AssertOnly(ViolationKind.Doubled, "accepted at 1 already");
    }

    [Fact]
    public void Check_AcceptedTwiceOutsideTheWindow_IsAnotherEvent()
    {
        var (chaos, _) = _run.Good();
        long second = _run.Accept(chaos, at: 6);
        _run.Finish(second, new ActionOutcome.Ignored("already gone", Nothing));

        Assert.Empty(_run.Check(TimeSpan.FromSeconds(5)).Violations);
    }

    [Fact]
    public void Check_OneDeliveryAcceptedTwice_IsDoubled()
    {
        var delivery = new DeliveryId(77);
        foreach (double at in (double[])[1, 10])
        {
            var chaos = _run.Post();
            long sequence = _run.Accept(chaos, at, delivery: delivery);
            _run.Start(sequence, at: at);
            _run.Effect(chaos, at: at + 0.1);
            _run.Finish(sequence, at: at + 0.2);
        }

        AssertOnly(ViolationKind.Doubled, "one delivery was accepted 2 times");
    }

    [Fact]
    public void Check_TwoOutcomesOfOneAction_IsDoubled()
    {
        var (_, sequence) = _run.Good();
        _run.Finish(sequence);

        AssertOnly(ViolationKind.Doubled, "2 outcomes");
    }

    [Fact]
    public void Check_OneAttemptStartedTwice_IsDoubled()
    {
        var (_, sequence) = _run.Good();
        _run.Start(sequence, at: 0.5);

        AssertOnly(ViolationKind.Doubled, "attempt 1 was started 2 times");
    }

    [Fact]
    public void Check_TwoFactsOfOneNumber_IsDoubled()
    {
        var (_, sequence) = _run.Good();
        _run.Journal.Add(new JournalEntry("bucket-1", sequence + 2, new Facts.Resumed(sequence, "other", 0)));

        AssertOnly(ViolationKind.Doubled, "two facts 3");
    }

    [Fact]
    public void Check_AFactIsMissing_IsLost()
    {
        _run.Good();
        var (_, sequence) = _run.Good();
        _run.Journal.RemoveAll(entry => entry.Sequence == sequence + 1);
        _run.Effects.Clear();

        Assert.Contains(_run.Check().Violations, v => v.Kind == ViolationKind.Lost && v.What.Contains("the facts 5 to 5 are missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_AFactAboutNoEvent_IsLost()
    {
        _run.Good();
        _run.Write("bucket-1", new Facts.Resumed(99, "other", 0));

        AssertOnly(ViolationKind.Lost, "about an event that is not there");
    }

    [Fact]
    public void Check_EffectOfAnEventThatIsNotInTheJournal_IsStray()
    {
        var chaos = _run.Post();
        _run.Answer(chaos, AnswerKind.Refused);
        _run.Effect(chaos);

        AssertOnly(ViolationKind.Stray, "not in the journal");
    }

    [Fact]
    public void Check_EffectOnAnotherObject_IsStray()
    {
        _run.Good();
        _run.Effects.Add(new SeenEffect(At(1), "delete", "pods", "other", "uid-other"));

        AssertOnly(ViolationKind.Stray, "no event is about");
    }

    [Fact]
    public void Check_EffectWithoutStarted_IsStray()
    {
        var chaos = _run.Post();
        _run.Effect(chaos);
        _run.Finish(_run.Accept(chaos), Failure(FailureKind.Expired));

        AssertOnly(ViolationKind.Stray, "never started");
    }

    [Fact]
    public void Check_AnEventNobodySent_IsStray()
    {
        var chaos = _run.Post();
        long sequence = _run.Accept(chaos);
        _run.Start(sequence);
        _run.Finish(sequence);
        _run.Events.Clear();

        AssertOnly(ViolationKind.Stray, "the client has never sent it");
    }

    [Fact]
    public void Check_EffectBeforeStarted_IsOutOfOrder()
    {
        var chaos = _run.Post();
        long sequence = _run.Accept(chaos);
        _run.Effect(chaos, at: 0.199);
        _run.Start(sequence, at: 0.2);
        _run.Finish(sequence);

        AssertOnly(ViolationKind.OutOfOrder, "before Started");
    }

    [Fact]
    public void Check_EffectThatThePlanDoesNotSay_IsPlanBroken()
    {
        var (chaos, _) = _run.Good();
        _run.Effect(chaos, "exec");

        AssertOnly(ViolationKind.PlanBroken, "exec of chaos-000000");
    }

    [Fact]
    public void Check_LabelOfTheOtherRuleSet_IsPlanBroken()
    {
        var (chaos, _) = _run.Good(WorkKind.Label);
        _run.Labelled(chaos, "b");

        AssertOnly(ViolationKind.PlanBroken, "'a', but it is 'b'");
    }

    [Fact]
    public void Check_ParkedEvent_IsOverWithItsFailure()
    {
        var chaos = _run.Post();
        long sequence = _run.Accept(chaos, actions: [Action(0, "kubernetes:exec"), Action(1, "kubernetes:terminate")]);
        _run.Finish(sequence, Failure(FailureKind.Parked));

        var verdict = _run.Check();

        Assert.Empty(verdict.Violations);
        Assert.Equal(1, verdict.Failures["Parked"]);
    }

    private void AssertOnly(ViolationKind kind, string what)
    {
        var violation = Assert.Single(_run.Check().Violations);
        Assert.Equal(kind, violation.Kind);
        Assert.Contains(what, violation.ToString(), StringComparison.Ordinal);
    }
}
