using Talon.Cluster.Sharding;
using Talon.Cluster.Wire;
using Talon.Rules.Events;

namespace Talon.Cluster.Tests.Sharding;

public sealed class BucketMapTests
{
    [Fact]
    public void BucketOf_FirstEightBytes_ModuloTheNumber() =>
        Assert.Equal((int)(0xfedcba9876543210UL % 8), BucketMap.BucketOf(new EventId(0xfedcba9876543210UL, 5), 8));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(7, "7")]
    [InlineData(8, null)]
    [InlineData(-1, null)]
    public void Extractor_Bucket_IsItsOwnShardAndEntity(int bucket, string? name)
    {
        var extractor = new BucketMessageExtractor(8);
        var message = new EventProtocol.Wake(bucket);

        Assert.Equal(name, extractor.EntityId(message));
        Assert.Equal(name, extractor.ShardId(message));
        Assert.Same(message, extractor.EntityMessage(message));
    }

    [Fact]
    public void Extractor_ForeignMessage_GoesNowhere() => Assert.Null(new BucketMessageExtractor(8).EntityId("text"));
}
