using Talon.Cluster.Locks;
using Talon.Host.Composition;

namespace Talon.Host.Tests.Composition;

public sealed class NodeLocksTests
{
    [Fact]
    public async Task Acquire_BeforeTheNodeHasStarted_WaitsForIt()
    {
        var guards = new NodeLocks();
        var waits = guards.AcquireAsync("k", CancellationToken.None);
        Assert.False(waits.IsCompleted);
        guards.Start(new Granting());

        Assert.True((await waits).IsHeld);
        Assert.True((await guards.AcquireAsync("k", CancellationToken.None)).IsHeld);
    }

    [Fact]
    public async Task Acquire_TokenEndsBeforeTheNodeHasStarted_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        var waits = new NodeLocks().AcquireAsync("k", cancelled.Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
    }

    private sealed class Granting : IClusterLocks
    {
        public Task<ILockHold> AcquireAsync(string key, CancellationToken cancellationToken) => Task.FromResult<ILockHold>(new Held());
    }

    private sealed class Held : ILockHold
    {
        public TimeSpan Left => TimeSpan.FromSeconds(12);

        public void Dispose()
        {
        }
    }
}
