using k8s.Models;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>
/// What every actionner does on any cluster whose RBAC lets Talon read, but not carry the action out: no fault is injected here.
/// </summary>
public abstract class NoRightsSpec(ClusterRig rig)
{
    public static TheoryData<string> Actionners => ActionnerTable.Names;

    [ClusterTheory(RowNeeds = typeof(ActionnerTable))]
    [MemberData(nameof(Actionners))]
    public async Task Run_RoleWithoutTheWrite_FailsAsForbiddenAtOnce(string actionner)
    {
        await using var subject = await ActionnerTable.Of(actionner).AddAsync(rig, "refused");
        var (posted, outcome) = await subject.RunAsync();
        Assert.Equal(("failure", "forbidden"), (outcome.Status, outcome.Result));
        Assert.Contains($"system:serviceaccount:{rig.OwnNamespace}:talon", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(403, Assert.Single(subject.Calls).Status);
        Assert.Empty(rig.RetriesOf(posted));
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules => ActionnerTable.Rules;

        public Func<V1PolicyRule, V1PolicyRule?> Rights => rule =>
        {
            // What stands behind a slash is read in no other way than by carrying the action out.
            rule.Verbs = [.. rule.Verbs.Where(verb => verb is "get" or "list")];
            rule.Resources = [.. rule.Resources.Where(resource => !resource.Contains('/', StringComparison.Ordinal))];
            return rule.Verbs.Count > 0 && rule.Resources.Count > 0 ? rule : null;
        };
    }
}

public sealed class NoRightsOnStandInTests(StandInRig<NoRightsSpec.RuleSet> rig) : NoRightsSpec(rig), IClassFixture<StandInRig<NoRightsSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class NoRightsOnRealClusterTests(RealClusterRig<NoRightsSpec.RuleSet> rig) : NoRightsSpec(rig), IClassFixture<RealClusterRig<NoRightsSpec.RuleSet>>;
