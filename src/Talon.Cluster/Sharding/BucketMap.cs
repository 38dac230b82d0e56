using Talon.Rules.Events;

namespace Talon.Cluster.Sharding;

/// <summary>Cuts the hash space into buckets. The number is part of the data: it is stored with the journal.</summary>
public static class BucketMap
{
    /// <summary>The bucket of an event: its first 8 bytes, modulo the number of buckets.</summary>
    public static int BucketOf(EventId eventId, int buckets) => (int)(eventId.Routing % (ulong)buckets);
}
