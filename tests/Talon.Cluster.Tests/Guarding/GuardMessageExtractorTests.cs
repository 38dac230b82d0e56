using Talon.Cluster.Guarding;
using Talon.Cluster.Protocol;

namespace Talon.Cluster.Tests.Guarding;

public sealed class GuardMessageExtractorTests
{
    private readonly GuardMessageExtractor _extractor = new();

    [Theory]
    [InlineData("a", "12")] // the published hash of "a" is e40c292c, that of "foobar" bf9cf968
    [InlineData("foobar", "8")]
    public void ShardId_Key_IsTheSameForEver(string key, string shard)
    {
        Assert.Equal(shard, _extractor.ShardId(new GuardProtocol.Acquire(key, Guid.Empty)));
        Assert.Equal(shard, _extractor.ShardId(new GuardProtocol.Release(key, Guid.NewGuid())));
        Assert.Equal(shard, _extractor.ShardId(key));
    }

    [Fact]
    public void ShardId_ManyKeys_AreSpread()
    {
        var shards = Enumerable.Range(0, 3_200).GroupBy(i => _extractor.ShardId($"uid-{i}")).ToList();

        Assert.Equal(GuardTimes.Shards, shards.Count);
        Assert.All(shards, shard => Assert.InRange(shard.Count(), 40, 250));
    }

    [Fact]
    public void EntityId_OtherMessagesAndUnboundedKeys_GoNowhere()
    {
        Assert.Null(_extractor.EntityId(new EventProtocol.Wake(1)));
        Assert.Null(_extractor.EntityId(new GuardProtocol.Acquire("", Guid.Empty)));
        Assert.Null(_extractor.ShardId(new GuardProtocol.Acquire(new string('x', GuardTimes.MaxKey + 1), Guid.Empty)));
        Assert.Equal("uid", _extractor.EntityId(new GuardProtocol.Acquire("uid", Guid.Empty)));
    }
}
