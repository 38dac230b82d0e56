using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Locks;
using Talon.Cluster.Node;
using Talon.Cluster.Tests.Forming;

namespace Talon.Cluster.Tests.Locks;

/// <summary>Locks of three real nodes when nodes come and go: never two holders, whatever happens.</summary>
[Trait("Speed", "Slow")]
public sealed class ClusterLocksTests
{
    private const int NodeCount = 3;

    [Fact]
    public async Task Crash_NodeOfTheGuard_NewGuardWaitsUntilTheHolderIsDone()
    {
        await using var rig = await LockNodes.StartAsync(NodeCount);
        string key = await rig.KeyOnAsync(1);
        using var first = await rig.TakeAsync(0, key);
        await rig.Nodes.CrashAsync(1);
        rig.Nodes[0].Cluster.Down(Akka.Actor.Address.Parse(rig.Nodes.AddressOf(1)));
        await rig.Nodes.SeeEachOtherAsync();
        var lost = rig.Clock.GetUtcNow();

        var second = rig[2].AcquireAsync(key, CancellationToken.None);
        using var hold = await rig.FollowsAsync(first, second, key, 0, 2);
        Assert.True(hold.IsHeld);
        Assert.True(rig.Clock.GetUtcNow() - lost >= LockTimes.Quarantine - TimeSpan.FromSeconds(1), $"granted {rig.Clock.GetUtcNow() - lost} after the loss");
    }

    [Fact]
    public async Task Crash_NodeOfTheHolder_NextIsLetInWhenTheGrantRunsOut()
    {
        await using var rig = await LockNodes.StartAsync(NodeCount);
        string key = await rig.KeyOnAsync(1);
        var first = await rig.TakeAsync(2, key);
        await rig.Nodes.CrashAsync(2);
        rig.Nodes[0].Cluster.Down(Akka.Actor.Address.Parse(rig.Nodes.AddressOf(2)));
        await rig.Nodes.SeeEachOtherAsync();
        Assert.True(first.IsHeld); // the process could still be there, frozen

        using var second = await rig.TakeAsync(0, key);
        Assert.False(first.IsHeld);
    }

    [Fact]
    public async Task HandOver_Held_MovesAfterTheReleaseAndLetsInWithoutQuarantine()
    {
        await using var rig = await LockNodes.StartAsync(NodeCount);
        string key = await rig.KeyOnAsync(1);
        await rig.PassAsync(LockTimes.Quarantine); // of the start
        var first = await rig.TakeAsync(0, key);
        var stopping = rig.Nodes.StopAsync(1);
        var second = rig[2].AcquireAsync(key, CancellationToken.None);

        // Within the time of the grant nothing moves. The clock stands still while the lock is asked: it answers at once when it leaves.
        for (int i = 0; i < 10; i++)
        {
            rig.Clock.Advance(LockNodes.Step);
            await Task.Delay(LockNodes.Beat);
        }

        await rig.LeavesAsync(1, key);
        Assert.False(second.IsCompleted, "two holders");
        Assert.True(first.IsHeld);

        first.Dispose();
        var released = rig.Clock.GetUtcNow();
        using var hold = await rig.PassUntilAsync(second, TimeSpan.FromMilliseconds(1));
        Assert.True(hold.IsHeld);
        Assert.InRange(rig.Clock.GetUtcNow() - released, TimeSpan.Zero, TimeSpan.FromSeconds(4)); // the grant did not have to run out
        await stopping;
    }

    [Fact]
    public async Task Restart_OnTheSameAddress_GuardOfTheNewProcessWaits()
    {
        await using var rig = await LockNodes.StartAsync(NodeCount);
        string key = await rig.KeyOnAsync(1);
        var first = await rig.TakeAsync(0, key);
        await rig.Nodes.CrashAsync(1);
        await rig.Nodes.StartOneAsync(1);
        rig.StartLocks(1);
        await rig.Nodes.SeeEachOtherAsync();

        var second = rig[1].AcquireAsync(key, CancellationToken.None);
        using var hold = await rig.FollowsAsync(first, second, key, 0, 1, 2);
        Assert.True(hold.IsHeld);
    }

    [Fact]
    public async Task SeesMajority_MostNodesCrash_NotAnyMore()
    {
        await using var nodes = await StaticNodes.StartAsync(NodeCount);
        Assert.All(Enumerable.Range(0, NodeCount), i => Assert.True(FreezeWatch.SeesMajority(nodes[i].Cluster)));
        var last = nodes[0].Cluster;
        await nodes.CrashAsync(1);
        await nodes.CrashAsync(2);

        await nodes.WaitAsync(() => !FreezeWatch.SeesMajority(last));
    }

    [Fact]
    public async Task Single_JustStarted_LetsInAtOnce()
    {
        string folder = Directory.CreateTempSubdirectory("talon-test-").FullName;
        await using (var node = await TalonNode.StartAsync(
            new TalonClusterOptions { Port = 0, Journal = new JournalOptions.Sqlite(folder) }, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, null, CancellationToken.None))
        {
            // The clock stands still: no waiting of any kind.
            var locks = node.StartLocks(new Microsoft.Extensions.Time.Testing.FakeTimeProvider());
            using var deadline = new CancellationTokenSource(StaticNodes.Deadline);
            using var hold = await locks.AcquireAsync("k", deadline.Token);
            Assert.True(hold.IsHeld);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(LockTimes.MaxKey + 1)]
    public async Task Acquire_UnusableKey_IsRefused(int length)
    {
        var locks = new ClusterLocks(new SingleNodeLockSafety(), Akka.Actor.ActorRefs.Nobody, _ => Akka.Actor.ActorRefs.Nobody, TimeProvider.System);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => locks.AcquireAsync(new string('x', length), CancellationToken.None));
    }
}
