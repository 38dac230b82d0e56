using k8s.Models;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>On any cluster the rights that <c>talon rbac print</c> names for a rule file are enough for all its actions.</summary>
public abstract class RightsSpec(ClusterRig rig)
{
    public static TheoryData<string> Actionners => ActionnerTable.Names;

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_WithThePrintedRights_Succeeds(string actionner)
    {
        await using var subject = await ActionnerTable.Of(actionner).AddAsync(rig, "allowed");
        var (_, outcome) = await subject.RunAsync();
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Single(subject.Calls);
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules => ActionnerTable.Rules;

        public Func<V1PolicyRule, V1PolicyRule?> Rights => rule => rule;

        // The containers of captures live for seconds.
        public double TimeScale => 1;
    }
}

public sealed class RightsOnStandInTests(StandInRig<RightsSpec.RuleSet> rig) : RightsSpec(rig), IClassFixture<StandInRig<RightsSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class RightsOnRealClusterTests(RealClusterRig<RightsSpec.RuleSet> rig) : RightsSpec(rig), IClassFixture<RealClusterRig<RightsSpec.RuleSet>>;
