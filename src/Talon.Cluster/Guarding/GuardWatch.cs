using Akka.Actor;
using Akka.Cluster;

namespace Talon.Cluster.Guarding;

/// <summary>Tells the sight of this node which members are lost, and that the process runs.</summary>
internal sealed class GuardWatch : UntypedActor
{
    private readonly ClusterSight _sight;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    public GuardWatch(ClusterSight sight, TimeProvider clock)
    {
        _sight = sight;
        _clock = clock;
        _timer = clock.CreateTimer(static self => ((IActorRef)self!).Tell(Beat.Instance), Self, TimeSpan.Zero, ClusterSight.Beat);
    }

    private TimeSpan Now => _clock.GetElapsedTime(0);

    public static Props CreateProps(ClusterSight sight, TimeProvider clock) => Props.CreateBy(new Producer(sight, clock));

    /// <summary>
    /// Whether a node is an Up member of its cluster and reaches more than half of all members. One that leaves grants nothing any
    /// more: what it granted has run out before it can be gone without having handed its guards over.
    /// </summary>
    public static bool SeesMajority(Akka.Cluster.Cluster cluster)
    {
        if (cluster.IsTerminated || cluster.SelfMember.Status != MemberStatus.Up)
        {
            return false;
        }

        // Down members are decided upon. A half is not enough: which of two halves goes on is decided elsewhere.
        var state = cluster.State;
        var members = state.Members.Where(member => member.Status != MemberStatus.Down).ToList();
        return members.Count(member => !state.Unreachable.Contains(member)) * 2 > members.Count;
    }

    protected override void PreStart() => Akka.Cluster.Cluster.Get(Context.System).Subscribe(
        Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberDowned), typeof(ClusterEvent.MemberRemoved));

    protected override void PostStop()
    {
        _timer.Dispose();
        Akka.Cluster.Cluster.Get(Context.System).Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Beat:
                _sight.Beats(Now);
                break;
            case ClusterEvent.MemberDowned:
            case ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down }:
                _sight.Lost(Now);
                break;
            case ClusterEvent.MemberRemoved:
                break; // it left by itself, and its guards stopped after their holders
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed class Beat : INoSerializationVerificationNeeded
    {
        public static Beat Instance { get; } = new();
    }

    private sealed class Producer(ClusterSight sight, TimeProvider clock) : IIndirectActorProducer
    {
        public Type ActorType => typeof(GuardWatch);

        public ActorBase Produce() => new GuardWatch(sight, clock);

        public void Release(ActorBase actor)
        {
        }
    }
}
