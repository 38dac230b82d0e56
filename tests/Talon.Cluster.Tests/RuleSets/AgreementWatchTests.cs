using Talon.Cluster.RuleSets;

namespace Talon.Cluster.Tests.RuleSets;

/// <summary>When the rules of the nodes are worth a word.</summary>
public sealed class AgreementWatchTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);
    private readonly AgreementWatch _watch = new();

    [Fact]
    public void Look_Same_SaysNothing()
    {
        Assert.Null(Look(0, "a", "a"));
        Assert.Null(Look(1_000, "a", "a", "a"));
        Assert.Null(Look(2_000));
    }

    [Fact]
    public void Look_DifferentForTwoMinutes_SaysSoOnceAndOnceThatItIsOver()
    {
        Assert.Null(Look(0, "a", "b"));
        Assert.Null(Look(119, "a", "b", "c"));
        var differs = Assert.IsType<RuleAgreement.Differs>(Look(120, "a", "b"));
        Assert.Equal(["a", "b"], differs.Rules.Select(one => one.Hash));
        Assert.Null(Look(500, "a", "c"));

        Assert.Equal("c", Assert.IsType<RuleAgreement.Agrees>(Look(600, "c", "c")).Hash);
        Assert.Null(Look(700, "c", "c"));
    }

    [Fact]
    public void Look_AgreesMeanwhile_CountsAnew()
    {
        Look(0, "a", "b");
        Assert.Null(Look(100, "b", "b"));
        Assert.Null(Look(110, "c", "b"));
        Assert.Null(Look(229, "c", "b"));

        Assert.IsType<RuleAgreement.Differs>(Look(230, "c", "b"));
    }

    private RuleAgreement? Look(int second, params string[] hashes) => _watch.Compare(
        [.. hashes.Select((hash, i) => new NodeRules($"node-{i}", hash, DateTimeOffset.UnixEpoch))], Start + TimeSpan.FromSeconds(second));
}
