using System.Collections.Immutable;
using Akka.Cluster.Sharding;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Locks;

/// <summary>One lock for each key, in the shard that the key's hash falls into. The hash is FNV-1a: the same on every node and in every version.</summary>
internal sealed class LockMessageExtractor : IMessageExtractor
{
    private static readonly ImmutableArray<string> Names = [.. Enumerable.Range(0, LockTimes.Shards).Select(n => n.ToString())];

    public string? EntityId(object message) =>
        message is ILockMessage { Key: { Length: > 0 and <= LockTimes.MaxKey } key } ? key : null;

    public object EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message) is { } key ? ShardId(key) : null;

    public string ShardId(string entityId, object? messageHint = null)
    {
        uint hash = 2166136261;
        foreach (char c in entityId)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return Names[(int)(hash % LockTimes.Shards)];
    }
}
