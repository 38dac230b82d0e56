using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Tests.Clients.Kubernetes;

public sealed class KeyedLocksTests
{
    [Fact]
    public async Task AcquireAsync_SameKey_WaitsUntilGivenBack()
    {
        var locks = new KeyedLocks();
        var first = await locks.AcquireAsync("a", CancellationToken.None);

        var second = locks.AcquireAsync("a", CancellationToken.None);
        Assert.False(second.IsCompleted);
        first.Dispose();

        using var held = await second.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task AcquireAsync_OtherKey_DoesNotWait()
    {
        var locks = new KeyedLocks();
        using var first = await locks.AcquireAsync("a", CancellationToken.None);

        using var second = await locks.AcquireAsync("b", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task AcquireAsync_CancelledWaiter_TakesNothingFromTheNext()
    {
        var locks = new KeyedLocks();
        var first = await locks.AcquireAsync("a", CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var waiting = locks.AcquireAsync("a", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var third = locks.AcquireAsync("a", CancellationToken.None);
        first.Dispose();
        first.Dispose();

        using var held = await third.WaitAsync(TimeSpan.FromSeconds(10));
        var fourth = locks.AcquireAsync("a", CancellationToken.None);
        Assert.False(fourth.IsCompleted);
        held.Dispose();
        (await fourth.WaitAsync(TimeSpan.FromSeconds(10))).Dispose();
    }
}
