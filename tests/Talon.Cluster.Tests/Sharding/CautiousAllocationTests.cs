using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit.Xunit2;
using Talon.Cluster.Sharding;

namespace Talon.Cluster.Tests.Sharding;

/// <summary>Three regions, of which some are frozen; the strategy inside always wants shard 1 moved, and gives to the region with the fewest.</summary>
public sealed class CautiousAllocationTests : TestKit
{
    private readonly IActorRef[] _regions;
    private readonly HashSet<IActorRef> _unreachable = [];
    private readonly HashSet<IActorRef> _frozen = [];
    private readonly Greedy _inner = new();
    private readonly CautiousAllocation _strategy;
    private int _asked;

    public CautiousAllocationTests()
    {
        _regions = [.. Enumerable.Range(0, 3).Select(_ => CreateTestProbe().Ref)];
        _strategy = new CautiousAllocation(_inner, region => !_unreachable.Contains(region), region =>
        {
            _asked++;
            return Task.FromResult(!_frozen.Contains(region));
        });
    }

    private ImmutableDictionary<IActorRef, IImmutableList<string>> Allocations => ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty
        .Add(_regions[0], ["1", "2", "3"]).Add(_regions[1], ["4"]).Add(_regions[2], []);

    [Fact]
    public async Task Rebalance_AllAnswer_MovesWhatIsWanted()
    {
        Assert.Equal(["1"], await RebalanceAsync());
        Assert.Equal(3, _asked);
    }

    [Fact]
    public async Task Rebalance_OneDoesNotAnswer_MovesNothingAndGivesItNothing()
    {
        _frozen.Add(_regions[2]);

        Assert.Empty(await RebalanceAsync());
        Assert.Equal(_regions[1], await AllocateAsync());

        _frozen.Clear();
        Assert.Equal(["1"], await RebalanceAsync());
        Assert.Equal(_regions[2], await AllocateAsync());
    }

    [Fact]
    public async Task Rebalance_NothingWantedAnyMore_WhoWasSilentGetsShardsAgain()
    {
        _frozen.Add(_regions[2]);
        Assert.Empty(await RebalanceAsync());

        _inner.Wanted = [];
        Assert.Empty(await RebalanceAsync());

        Assert.Equal(_regions[2], await AllocateAsync());
    }

    [Fact]
    public async Task Rebalance_NothingWanted_AsksNobody()
    {
        _inner.Wanted = [];

        Assert.Empty(await RebalanceAsync());
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task Allocate_UnreachableRegion_GetsNothingUnlessThereIsNoOther()
    {
        _unreachable.Add(_regions[2]);
        Assert.Equal(_regions[1], await AllocateAsync());

        _unreachable.UnionWith(_regions);
        Assert.Equal(_regions[2], await AllocateAsync());
        Assert.Empty(await RebalanceAsync());
        Assert.Equal(0, _asked);
    }

    [Fact]
    public void Allocate_AnswersAtOnce()
    {
        // Else Akka would give several shards away by one count.
        Assert.True(AllocateAsync().IsCompletedSuccessfully);
    }

    private Task<IActorRef> AllocateAsync() => _strategy.AllocateShard(_regions[0], "9", Allocations);

    private Task<IImmutableSet<string>> RebalanceAsync() => _strategy.Rebalance(Allocations, ImmutableHashSet<string>.Empty);

    private sealed class Greedy : IShardAllocationStrategy
    {
        public ImmutableHashSet<string> Wanted { get; set; } = ["1"];

        public Task<IActorRef> AllocateShard(
            IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
            Task.FromResult(currentShardAllocations.MinBy(region => region.Value.Count).Key);

        public Task<IImmutableSet<string>> Rebalance(
            IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
            Task.FromResult<IImmutableSet<string>>(Wanted);
    }
}
