using Talon.Cluster.Forming.Healing;

namespace Talon.Cluster.Tests.Forming.Healing;

public sealed class DuplicateClustersTests
{
    [Theory]
    [InlineData("b", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "b,c", true)]
    [InlineData("b,c", "a", false)]
    [InlineData("a,b", "b", false)]
    [InlineData("a", "", false)]
    [InlineData("", "a", true)]
    public void MustGiveWay_TwoClusters_TheSmallerOrLaterOne(string mine, string theirs, bool expected) =>
        Assert.Equal(expected, DuplicateClusters.MustGiveWay(Members(mine), Members(theirs)));

    [Fact]
    public void MustGiveWay_AnyTwo_ExactlyOneDoes()
    {
        string[] clusters = ["a", "b", "a1,c", "d,e", "f,g,h"];
        foreach (var (mine, theirs) in clusters.SelectMany(m => clusters.Where(t => t != m).Select(t => (Members(m), Members(t)))))
        {
            Assert.NotEqual(DuplicateClusters.MustGiveWay(mine, theirs), DuplicateClusters.MustGiveWay(theirs, mine));
        }
    }

    private static System.Collections.Immutable.ImmutableArray<string> Members(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)];
}
