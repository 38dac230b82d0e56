using Talon.Cluster.Locks;

namespace Talon.Cluster.Tests.Locks;

/// <summary>Locks of three real nodes while all is well. The tests share the nodes, each has keys of its own.</summary>
[Trait("Speed", "Slow")]
public sealed class ThreeNodesTests(ThreeNodesTests.Cluster cluster) : IClassFixture<ThreeNodesTests.Cluster>
{
    private const int NodeCount = 3;

    [Fact]
    public async Task Acquire_TenAtOnceFromThreeNodes_OneAfterTheOther()
    {
        int inside = 0;
        int most = 0;
        int turns = 0;

        await cluster.Nodes.PassUntilAsync(Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            using var hold = await cluster.Nodes[i % NodeCount].AcquireAsync("the owner", CancellationToken.None);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Delay(20);
            Assert.True(hold.IsHeld);
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref turns);
            return i;
        })), TimeSpan.FromMilliseconds(20));

        Assert.Equal(10, turns);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Acquire_DifferentKeys_DoNotWaitForEachOther()
    {
        using var one = await cluster.Nodes.TakeAsync(0, "one");
        using var other = await cluster.Nodes.TakeAsync(1, "other");

        Assert.True(one.IsHeld);
        Assert.True(other.IsHeld);
    }

    [Fact]
    public async Task Acquire_TokenEnds_ThrowsAndLeavesTheQueue()
    {
        var first = await cluster.Nodes.TakeAsync(0, "token");
        using var cancelled = new CancellationTokenSource();
        var gaveUp = cluster.Nodes[1].AcquireAsync("token", cancelled.Token);
        await cluster.Nodes.PassAsync(TimeSpan.FromSeconds(2));
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gaveUp);

        first.Dispose();
        var before = cluster.Nodes.Clock.GetUtcNow();
        using var second = await cluster.Nodes.TakeAsync(2, "token", TimeSpan.FromMilliseconds(5));
        Assert.InRange(cluster.Nodes.Clock.GetUtcNow() - before, TimeSpan.Zero, LockTimes.Grant); // nobody's grant had to run out
    }

    [Fact]
    public async Task Hold_TimeRunsOut_EndsForItsHolderBeforeTheNextIsLetIn()
    {
        var first = await cluster.Nodes.TakeAsync(0, "runs out");
        var second = cluster.Nodes[1].AcquireAsync("runs out", CancellationToken.None);
        while (!second.IsCompleted)
        {
            cluster.Nodes.Clock.Advance(LockNodes.Step);
            await Task.WhenAny(second, Task.Delay(LockNodes.Beat));
            Assert.False(first.IsHeld && second.IsCompleted, "two holders");
        }

        Assert.True((await second).IsHeld);
        first.Dispose(); // late, and harmless
        Assert.True((await second).IsHeld);
    }

    public sealed class Cluster : IAsyncLifetime
    {
        internal LockNodes Nodes { get; private set; } = null!;

        public async Task InitializeAsync() => Nodes = await LockNodes.StartAsync(NodeCount);

        public async Task DisposeAsync() => await Nodes.DisposeAsync();
    }
}
