using Talon.Cluster.Locks;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Tests.Locks;

public sealed class LockMessageExtractorTests
{
    private readonly LockMessageExtractor _extractor = new();

    [Theory]
    [InlineData("a", "12")] // the published hash of "a" is e40c292c, that of "foobar" bf9cf968
    [InlineData("foobar", "8")]
    public void ShardId_Key_IsTheSameForEver(string key, string shard)
    {
        Assert.Equal(shard, _extractor.ShardId(new LockProtocol.Acquire(key, Guid.Empty)));
        Assert.Equal(shard, _extractor.ShardId(new LockProtocol.Release(key, Guid.NewGuid())));
        Assert.Equal(shard, _extractor.ShardId(key));
    }

    [Fact]
    public void ShardId_ManyKeys_AreSpread()
    {
        var shards = Enumerable.Range(0, 3_200).GroupBy(i => _extractor.ShardId($"uid-{i}")).ToList();

        Assert.Equal(LockTimes.Shards, shards.Count);
        Assert.All(shards, shard => Assert.InRange(shard.Count(), 40, 250));
    }

    [Fact]
    public void EntityId_OtherMessagesAndUnboundedKeys_GoNowhere()
    {
        Assert.Null(_extractor.EntityId(new EventProtocol.Wake(1)));
        Assert.Null(_extractor.EntityId(new LockProtocol.Acquire("", Guid.Empty)));
        Assert.Null(_extractor.ShardId(new LockProtocol.Acquire(new string('x', LockTimes.MaxKey + 1), Guid.Empty)));
        Assert.Equal("uid", _extractor.EntityId(new LockProtocol.Acquire("uid", Guid.Empty)));
    }
}
