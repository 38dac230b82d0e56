using System.Collections.Immutable;
using Akka.Cluster.Sharding;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Sharding;

/// <summary>
/// Routes by bucket: each bucket is one shard with one entity. A hashing extractor would hash the bucket number again and
/// leave shards with none or three buckets.
/// </summary>
internal sealed class BucketMessageExtractor : IMessageExtractor
{
    private readonly ImmutableArray<string> _names;

    public BucketMessageExtractor(int buckets) => _names = [.. Enumerable.Range(0, buckets).Select(n => n.ToString())];

    public string? EntityId(object message) => message switch
    {
        IBucketMessage m when (uint)m.Bucket < (uint)_names.Length => _names[m.Bucket],
        _ => null,
    };

    public object EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
