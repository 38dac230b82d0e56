using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Sharding;

/// <summary>The event buckets as one node sees them: those it hosts, and the door to all of them.</summary>
public sealed class BucketRegion
{
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(25);

    private readonly Akka.Cluster.Cluster _cluster;
    private readonly IActorRef _region;
    private readonly TimeProvider _clock;

    internal BucketRegion(Akka.Cluster.Cluster cluster, IActorRef region, IActorRef door, TimeProvider clock)
    {
        _clock = clock;
        _cluster = cluster;
        _region = region;
        Door = door;
    }

    /// <summary>
    /// Any <see cref="Wire.IBucketMessage"/> sent here reaches its bucket, wherever in the cluster it lives; also after this node
    /// has handed over its own.
    /// </summary>
    public IActorRef Door { get; }

    /// <summary>
    /// Hands the buckets of this node over to other nodes, 25 s at most. Nothing happens when there is no other node that could take
    /// them: then they stay until the actor system ends.
    /// </summary>
    public async Task HandOverAsync()
    {
        if (_cluster.IsTerminated || !_cluster.State.Members.Any(CanTakeBuckets))
        {
            return;
        }

        var gone = _region.WatchAsync();
        _region.Tell(GracefulShutdown.Instance);
        try
        {
            await gone.WaitAsync(HandOverPatience, _clock);
        }
        catch (TimeoutException)
        {
            // The others take the buckets when this node has left; the journal keeps two owners apart.
        }
    }

    private bool CanTakeBuckets(Member member) =>
        !member.UniqueAddress.Equals(_cluster.SelfUniqueAddress)
        && member.Status == MemberStatus.Up
        && member.HasRole(ActorNames.Talon)
        && !_cluster.State.Unreachable.Contains(member);
}
