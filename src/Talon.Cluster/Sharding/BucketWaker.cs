using Akka.Actor;
using Akka.Cluster;
using Talon.Cluster.Actors;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Sharding;

/// <summary>
/// Wakes all buckets: at start, every 10 s, and when a member is removed. Akka stops a bucket whose write failed and starts none
/// by itself after a move; with at most 32 of them a small message each is cheaper than remembering entities.
/// </summary>
internal sealed class BucketWaker : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly IActorRef _region;
    private readonly int _buckets;

    public BucketWaker(IActorRef region, int buckets)
    {
        _region = region;
        _buckets = buckets;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props CreateProps(IActorRef region, int buckets) => ActorFactory.CreateProps(() => new BucketWaker(region, buckets));

    protected override void PreStart()
    {
        Akka.Cluster.Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
        Timers.StartPeriodicTimer("wake", WakeAll.Instance, TimeSpan.Zero, Interval);
    }

    protected override void PostStop() => Akka.Cluster.Cluster.Get(Context.System).Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved removed when removed.Member.UniqueAddress.Equals(Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress):
                Context.Stop(Self);
                break;
            case WakeAll:
            case ClusterEvent.MemberRemoved:
                for (int bucket = 0; bucket < _buckets; bucket++)
                {
                    _region.Tell(new EventProtocol.Wake(bucket));
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed class WakeAll : INoSerializationVerificationNeeded
    {
        public static WakeAll Instance { get; } = new();
    }
}
