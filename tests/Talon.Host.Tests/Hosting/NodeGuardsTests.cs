using Talon.Cluster.Guarding;
using Talon.Host.Hosting;

namespace Talon.Host.Tests.Hosting;

public sealed class NodeGuardsTests
{
    [Fact]
    public async Task Acquire_BeforeTheNodeHasStarted_WaitsForIt()
    {
        var guards = new NodeGuards();
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
        var waits = new NodeGuards().AcquireAsync("k", cancelled.Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
    }

    private sealed class Granting : IGuards
    {
        public Task<IGuardHold> AcquireAsync(string key, CancellationToken cancellationToken) => Task.FromResult<IGuardHold>(new Held());
    }

    private sealed class Held : IGuardHold
    {
        public bool IsHeld => true;

        public void Dispose()
        {
        }
    }
}
