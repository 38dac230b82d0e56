using Talon.Chaos.Load;
using Talon.Chaos.Records;

namespace Talon.Chaos.Tests.Load;

public sealed class LoadPlanTests
{
    [Fact]
    public void KindOf_SameSeed_IsTheSameAndAnotherSeedIsNot()
    {
        var plan = new LoadPlan();
        WorkKind[] Kinds(int seed) => [.. Enumerable.Range(0, 200).Select(number => plan.KindOf(number, seed))];

        Assert.Equal(Kinds(1), Kinds(1));
        Assert.NotEqual(Kinds(1), Kinds(2));
    }

    [Fact]
    public void KindOf_ManyEvents_FollowsTheShares()
    {
        var plan = new LoadPlan { Mix = [(WorkKind.Terminate, 3), (WorkKind.Exec, 1)] };
        int execs = Enumerable.Range(0, 4_000).Count(number => plan.KindOf(number, 7) == WorkKind.Exec);

        Assert.InRange(execs, 900, 1_100);
    }

    [Fact]
    public void Of_ManyDraws_AreSpreadOverTheUnitInterval()
    {
        var draws = Enumerable.Range(0, 1_000).Select(number => Draws.Of(3, number, "x")).ToList();

        Assert.All(draws, draw => Assert.InRange(draw, 0, 0.999_999_999));
        Assert.InRange(draws.Average(), 0.45, 0.55);
        Assert.Equal(1_000, draws.Distinct().Count());
    }
}
