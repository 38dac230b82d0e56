using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>What every actionner does on any cluster when the API server is throttling, slow or cut off: what may be repeated is.</summary>
public abstract class TroubleSpec(ClusterRig rig)
{
    public static TheoryData<string> Actionners => ActionnerTable.Names;

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_Throttled_WaitsAsAskedAndSucceeds(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "throttled");
        subject.Meet(FaultRule.Answer(429, 1) with { RetryAfterSeconds = 1 });
        var (posted, outcome) = await subject.RunAsync();
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains("429", Assert.Single(rig.RetriesOf(posted)).Error, StringComparison.Ordinal);
        var calls = subject.Calls;
        Assert.Equal(2, calls.Count);
        Assert.True(calls[1].Time - calls[0].Time >= TimeSpan.FromSeconds(1), $"{calls[1].Time - calls[0].Time}");
    }

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_SlowerThanItsTimeout_FailsAfterTheRetriesThatAreSafe(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "slow");
        subject.Meet(FaultRule.Delay(TimeSpan.FromSeconds(60)));
        var (posted, outcome) = await subject.RunAsync(row.ImpatientRule);
        Assert.Equal(("failure", row.RepeatSafe ? "timeout" : "unknown"), (outcome.Status, outcome.Result));
        Assert.All(subject.Calls, call => Assert.Equal(0, call.Status));
        if (row.RepeatSafe)
        {
            Assert.NotEmpty(rig.RetriesOf(posted));
            Assert.InRange(subject.Calls.Count, 1, rig.RetriesOf(posted).Count + 1);
        }
        else
        {
            Assert.Single(subject.Calls);
        }
    }

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_ConnectionIsCut_IsRepeatedWhereThatIsSafe(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "cut");
        subject.Meet(FaultRule.Of(FaultKind.ResetBeforeEffect, times: 1));
        var (posted, outcome) = await subject.RunAsync();
        Assert.Equal(row.RepeatSafe ? "success" : "failure", outcome.Status);
        Assert.Equal(row.RepeatSafe ? 1 : 0, rig.RetriesOf(posted).Count);
        Assert.Equal(row.RepeatSafe ? 2 : 1, subject.Calls.Count);
        if (!row.RepeatSafe)
        {
            Assert.Equal("unknown", outcome.Result);
        }
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules => ActionnerTable.Rules;

        // One attempt and one more, not a third.
        public string Configuration => "retry:\n  max_age: 2s\n";

        // The containers of captures live for seconds.
        public double TimeScale => 1;
    }
}

public sealed class TroubleOnStandInTests(StandInRig<TroubleSpec.RuleSet> rig) : TroubleSpec(rig), IClassFixture<StandInRig<TroubleSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class TroubleOnRealClusterTests(RealClusterRig<TroubleSpec.RuleSet> rig) : TroubleSpec(rig), IClassFixture<RealClusterRig<TroubleSpec.RuleSet>>;
