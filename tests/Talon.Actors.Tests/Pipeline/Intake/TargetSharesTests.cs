using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;

namespace Talon.Actors.Tests.Pipeline.Intake;

public sealed class TargetSharesTests
{
    private static readonly PipelineOptions Small = new() { MaxUnfinishedEvents = 40, MaxUnfinishedBytes = 1_000 };

    [Fact]
    public void Limits_ByDefault_AreATenth()
    {
        var options = new PipelineOptions();

        Assert.Equal((500, 64L * 1024 * 1024 / 10), (options.MaxEventsOfTarget, options.MaxBytesOfTarget));
    }

    [Theory]
    [InlineData(10, 4)] // the number
    [InlineData(30, 3)] // the bytes
    [InlineData(400, 1)] // one is never too large for a share that is empty
    public void Refusal_OneTarget_HoldsATenth(int bytes, int expected)
    {
        var shares = TargetShares.OfBucket(Small);

        Assert.Equal(expected, Fill(shares, "a", bytes));
        Assert.Equal(RefusalCause.TargetFull, shares.Refusal("a", bytes));
        Assert.Null(shares.Refusal("b", bytes));
    }

    [Fact]
    public void Refusal_TenTargets_FillTheWhole()
    {
        var shares = TargetShares.OfBucket(Small);

        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(4, Fill(shares, $"{i}", 1)));
        Assert.Equal(RefusalCause.Full, shares.Refusal("another", 1));
    }

    [Fact]
    public void Refusal_OfNode_BoundsBytesAndNoNumber()
    {
        var shares = TargetShares.OfNode(Small);

        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(100, Fill(shares, $"{i}", 1)));
        Assert.Equal(RefusalCause.Full, shares.Refusal("another", 1));
    }

    [Fact]
    public void Take_MoreThanATenth_IsCountedAndMustGoFirst()
    {
        var shares = TargetShares.OfBucket(Small);
        for (int i = 0; i < 6; i++)
        {
            shares.Take("a", 10);
        }

        shares.Return("a", 10);
        shares.Return("a", 10);
        Assert.Equal(RefusalCause.TargetFull, shares.Refusal("a", 10));
        shares.Return("a", 10);
        Assert.Null(shares.Refusal("a", 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TakeAndReturn_AtRandom_AgreeWithAPlainCount(int seed)
    {
        var random = new Random(seed);
        var shares = TargetShares.OfBucket(Small);
        var held = new List<(string Target, int Bytes)>();
        for (int step = 0; step < 20_000; step++)
        {
            string target = $"{random.Next(20)}";
            int bytes = random.Next(1, 60);
            if (held.Count > 0 && random.Next(2) == 0)
            {
                int i = random.Next(held.Count);
                shares.Return(held[i].Target, held[i].Bytes);
                held.RemoveAt(i);
            }
            else
            {
                var own = held.Where(h => h.Target == target).ToList();
                string? expected = held.Count >= 40 || held.Sum(h => h.Bytes) + bytes > 1_000 ? RefusalCause.Full
                    : own.Count > 0 && (own.Count >= 4 || own.Sum(h => h.Bytes) + bytes > 100) ? RefusalCause.TargetFull
                    : null;
                Assert.Equal(expected, shares.Refusal(target, bytes));
                if (expected is null || random.Next(10) == 0)
                {
                    shares.Take(target, bytes);
                    held.Add((target, bytes));
                }
            }

            Assert.Equal((held.Count, held.Sum(h => h.Bytes)), (shares.Events, shares.Bytes));
            Assert.Equal(held.Select(h => h.Target).Distinct().Count(), shares.Targets);
        }
    }

    [Fact]
    public void Label_OfAnyCause_IsOfAFixedSet()
    {
        Assert.Equal("target_full", RefusalCause.Label(RefusalCause.TargetFull));
        Assert.Equal("auth", RefusalCause.Label("auth"));
        Assert.Equal("other", RefusalCause.Label("pod/shop/cart-0"));
    }

    private static int Fill(TargetShares shares, string target, int bytes)
    {
        int count = 0;
        while (shares.Refusal(target, bytes) is null)
        {
            shares.Take(target, bytes);
            count++;
        }

        return count;
    }
}
