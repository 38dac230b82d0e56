using Talon.Host.Ingress;

namespace Talon.Host.Tests.Ingress;

public sealed class ByteBudgetTests
{
    [Fact]
    public void TryTake_UpToTheLimit_ThenNothingUntilReturned()
    {
        var budget = new ByteBudget(10);

        Assert.True(budget.TryTake(10));
        Assert.False(budget.TryTake(1));
        Assert.Equal(10, budget.Used);
        budget.Return(4);
        Assert.True(budget.TryTake(4));
    }

    [Fact]
    public async Task TryTake_ManyThreads_NothingIsLost()
    {
        var budget = new ByteBudget(100);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                if (budget.TryTake(7))
                {
                    budget.Return(7);
                }
            }
        })));

        Assert.Equal(0, budget.Used);
        Assert.True(budget.TryTake(100));
    }
}
