using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>What every actionner does on any cluster when its object is gone or another one, and when it is refused.</summary>
public abstract class RefusalSpec(ClusterRig rig)
{
    public static TheoryData<string> Actionners => ActionnerTable.Names;

    public static TheoryData<string> Noticing => ActionnerTable.NamesOfThoseThatNotice;

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_ItsObjectIsGone_SaysSoAndSendsNothing(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "gone");
        await subject.RemoveAsync();
        var (_, outcome) = await subject.RunAsync();
        Assert.Equal(row.Gone, (outcome.Status, outcome.Result));
        Assert.Empty(subject.Calls);
    }

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_ItsObjectGoesBeforeTheWrite_SaysSoAndDoesNotTryAgain(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "going");
        subject.Meet(FaultRule.Answer(404));
        var (posted, outcome) = await subject.RunAsync();
        Assert.Equal(row.Gone, (outcome.Status, outcome.Result));
        Assert.Empty(rig.RetriesOf(posted));
        Assert.Single(subject.Calls);
    }

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_AnotherObjectHasTheNameNow_IsIgnoredAndSendsNothing(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "replaced");
        await subject.ReplaceAsync();
        var (_, outcome) = await subject.RunAsync();
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains("was replaced since the event", outcome.Result, StringComparison.Ordinal);
        Assert.Empty(subject.Calls);
    }

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Noticing))]
    public async Task Run_AnotherObjectTakesTheNameDuringTheWrite_IsIgnoredAndTheOtherIsLeftAlone(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "overtaken");
        var replaced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        subject.Meet(new FaultRule { Until = replaced.Task });
        var running = subject.RunAsync();
        await Eventually.TrueAsync(() => subject.Calls.Count == 1, rig.Talon.Tail);
        await subject.ReplaceAsync();
        replaced.SetResult();
        var (_, outcome) = await running;
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains("was replaced since the event", outcome.Result, StringComparison.Ordinal);
        Assert.Single(subject.Calls);
        var other = await subject.ReadAsync();
        Assert.NotNull(other);
        Assert.Null(other["metadata"]!["deletionTimestamp"]);
        Assert.DoesNotContain("suspicious", other.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ephemeralContainers", other.ToJsonString(), StringComparison.Ordinal);
    }

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_Forbidden_FailsAtOnceAndSaysWhatWasRefused(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "forbidden");
        subject.Meet(FaultRule.Answer(403));
        var (posted, outcome) = await subject.RunAsync();
        Assert.Equal(("failure", "forbidden"), (outcome.Status, outcome.Result));
        Assert.Contains($"cannot {row.Verb} resource \"{row.Resource}", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(rig.RetriesOf(posted));
        Assert.Single(subject.Calls);
    }

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_ConflictThatStays_Fails(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "conflict");
        subject.Meet(FaultRule.Answer(409));
        var (posted, outcome) = await subject.RunAsync();
        Assert.Equal(("failure", "conflict"), (outcome.Status, outcome.Result));
        Assert.Empty(rig.RetriesOf(posted));
    }

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_Invalid_FailsAtOnceAsRejected(string actionner)
    {
        var row = ActionnerTable.Of(actionner);
        await using var subject = await row.AddAsync(rig, "invalid");
        subject.Meet(FaultRule.Answer(422));
        var (posted, outcome) = await subject.RunAsync();
        Assert.Equal(("failure", "rejected"), (outcome.Status, outcome.Result));
        Assert.Empty(rig.RetriesOf(posted));
        Assert.Single(subject.Calls);
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules => ActionnerTable.Rules;

        // The containers of captures live for seconds.
        public double TimeScale => 1;
    }
}

public sealed class RefusalOnStandInTests(StandInRig<RefusalSpec.RuleSet> rig) : RefusalSpec(rig), IClassFixture<StandInRig<RefusalSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class RefusalOnRealClusterTests(RealClusterRig<RefusalSpec.RuleSet> rig) : RefusalSpec(rig), IClassFixture<RealClusterRig<RefusalSpec.RuleSet>>;
