using Akka.Actor;
using Akka.Cluster.Sharding;
using Microsoft.Extensions.Time.Testing;
using Talon.Cluster.Locks;
using Talon.Cluster.Tests.Forming;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Tests.Locks;

/// <summary>Nodes of one cluster with their locks. The cluster lives in real time, the locks and their clients in virtual time.</summary>
internal sealed class LockNodes : IAsyncDisposable
{
    /// <summary>Virtual time goes ten times as fast as real time, so that a busy machine still answers within the patience of the clients.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly Dictionary<int, ClusterLocks> _locks = [];

    private LockNodes(StaticNodes nodes) => Nodes = nodes;

    public StaticNodes Nodes { get; }

    public FakeTimeProvider Clock { get; } = new();

    /// <summary>Forms the cluster and lets the quarantine after its start pass.</summary>
    public static async Task<LockNodes> StartAsync(int count)
    {
        var rig = new LockNodes(await StaticNodes.StartAsync(count));
        for (int i = 0; i < count; i++)
        {
            rig.StartLocks(i);
        }

        // One key in each shard: all of them are allocated now.
        var all = await rig.PassUntilAsync(Task.WhenAll(KeysOfAllShards().Select(key => rig[0].AcquireAsync(key, CancellationToken.None))));
        all.ToList().ForEach(hold => hold.Dispose());
        return rig;
    }

    public ClusterLocks this[int node] => _locks[node];

    public void StartLocks(int node) => _locks[node] = Nodes[node].StartLocks(Clock);

    /// <summary>Takes a hold, while the time goes on as far as it takes.</summary>
    public async Task<ILockHold> TakeAsync(int node, string key, TimeSpan? step = null)
    {
        using var deadline = new CancellationTokenSource(StaticNodes.Deadline);
        return await PassUntilAsync(this[node].AcquireAsync(key, deadline.Token), step);
    }

    /// <summary>Lets virtual time go on in small steps until something is done.</summary>
    public async Task<T> PassUntilAsync<T>(Task<T> done, TimeSpan? step = null)
    {
        while (!done.IsCompleted)
        {
            Clock.Advance(step ?? Step);
            await Task.WhenAny(done, Task.Delay(Beat));
        }

        return await done;
    }

    public async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            Clock.Advance(Step);
            await Task.Delay(Beat);
        }
    }

    /// <summary>
    /// Lets virtual time go on until a waiting request is granted, and asserts on the way that the hold before it is not valid any
    /// more by then. Slowly at first, until the lock lives on one of some nodes and has had time to answer: what is granted too
    /// early is granted then.
    /// </summary>
    public async Task<ILockHold> FollowsAsync(ILockHold first, Task<ILockHold> second, string key, params int[] hosts)
    {
        int beats = 0;
        while (!second.IsCompleted)
        {
            beats += beats > 0 || await IsOnAnyAsync(key, hosts) ? 1 : 0;
            Clock.Advance(beats > 100 ? Step : TimeSpan.FromMilliseconds(1));
            await Task.WhenAny(second, Task.Delay(Beat));
            Assert.False(first.IsHeld && second.IsCompleted, "two holders");
        }

        return await second;
    }

    /// <summary>A key whose lock lives on a node.</summary>
    public async Task<string> KeyOnAsync(int node)
    {
        var shards = await ShardsAsync(node);
        return KeysOfAllShards().First(key => shards.Contains(new LockMessageExtractor().ShardId(key)));
    }

    /// <summary>Waits until the lock of a key, which lives on a node and whose grant is held, has been asked to hand off.</summary>
    public async Task LeavesAsync(int node, string key)
    {
        var actor = Nodes[node].System.ActorSelection($"/system/sharding/{ActorNames.LockShards}/{new LockMessageExtractor().ShardId(key)}/{key}");
        using var deadline = new CancellationTokenSource(StaticNodes.Deadline);
        while (await actor.Ask<LockProtocol.Reply>(new LockProtocol.Acquire(key, Guid.NewGuid()), deadline.Token) is not LockProtocol.Reply.Moving)
        {
        }
    }

    private async Task<HashSet<string>> ShardsAsync(int node)
    {
        var state = await ClusterSharding.Get(Nodes[node].System).ShardRegion(ActorNames.LockShards)
            .Ask<CurrentShardRegionState>(GetShardRegionState.Instance, StaticNodes.Deadline);
        return [.. state.Shards.Select(shard => shard.ShardId)];
    }

    private async Task<bool> IsOnAnyAsync(string key, int[] hosts)
    {
        var shards = await Task.WhenAll(hosts.Select(ShardsAsync));
        return shards.Any(one => one.Contains(new LockMessageExtractor().ShardId(key)));
    }

    public ValueTask DisposeAsync() => Nodes.DisposeAsync();

    private static IEnumerable<string> KeysOfAllShards() =>
        Enumerable.Range(0, 1_000).Select(i => $"uid-{i}").DistinctBy(key => new LockMessageExtractor().ShardId(key));
}
