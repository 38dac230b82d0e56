using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Talon.Cluster.Sharding;

/// <summary>
/// Leaves the choice to another strategy, but moves nothing unless every region answers at this moment, and gives nothing to a region
/// that does not. A move needs a word from every region, so that one that has just frozen holds it up: seconds before the failure
/// detector says so, and until the node is taken out. The regions of a node answer together or not at all.
/// </summary>
internal sealed class CautiousAllocation : IActorSystemDependentAllocationStrategy
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IShardAllocationStrategy _inner;
    private readonly Func<IActorRef, bool> _isReachable;
    private readonly Func<IActorRef, Task<bool>> _answers;
    private volatile ImmutableHashSet<IActorRef> _silent = [];

    /// <param name="isReachable">Whether the node of a region counts as reachable.</param>
    /// <param name="answers">Whether a region answers now.</param>
    internal CautiousAllocation(IShardAllocationStrategy inner, Func<IActorRef, bool> isReachable, Func<IActorRef, Task<bool>> answers)
    {
        _inner = inner;
        _isReachable = isReachable;
        _answers = answers;
    }

    /// <summary>The strategy of a node: the same number of shards for each region, and this caution.</summary>
    public static CautiousAllocation Of(ActorSystem system, ClusterShardingSettings settings)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        return new CautiousAllocation(
            ClusterSharding.Get(system).DefaultShardAllocationStrategy(settings),
            region => region.Path.Address.HasLocalScope || cluster.State.Unreachable.All(member => member.Address != region.Path.Address),
            AnswersAsync);
    }

    public void Start(ActorSystem system)
    {
        switch (_inner)
        {
            case IActorSystemDependentAllocationStrategy dependent:
                dependent.Start(system);
                break;
            case IStartableAllocationStrategy startable:
                startable.Start();
                break;
        }
    }

    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        // Without asking anybody: an answer that comes later would let many shards be given away by one and the same count.
        var silent = _silent;
        var eligible = currentShardAllocations.Where(region => _isReachable(region.Key) && !silent.Contains(region.Key)).ToImmutableDictionary();
        return _inner.AllocateShard(requester, shardId, eligible.IsEmpty ? currentShardAllocations : eligible);
    }

    public async Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        var wanted = await _inner.Rebalance(currentShardAllocations, rebalanceInProgress);
        if (wanted.Count == 0)
        {
            _silent = [];
            return wanted;
        }

        var regions = currentShardAllocations.Keys.ToList();
        bool[] answers = await Task.WhenAll(regions.Select(region => _isReachable(region) ? _answers(region) : Task.FromResult(false)));
        _silent = [.. regions.Where((_, i) => !answers[i])];
        return _silent.IsEmpty ? wanted : ImmutableHashSet<string>.Empty;
    }

    private static async Task<bool> AnswersAsync(IActorRef region)
    {
        try
        {
            await region.Ask<ActorIdentity>(new Identify("rebalance"), Patience);
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }
}
