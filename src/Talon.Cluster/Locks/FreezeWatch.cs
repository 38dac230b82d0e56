using Akka.Actor;
using Akka.Cluster;
using Talon.Cluster.Actors;

namespace Talon.Cluster.Locks;

/// <summary>Tells the lock safety of this node which members are lost, and that the process runs.</summary>
internal sealed class FreezeWatch : UntypedActor
{
    private readonly LockSafety _safety;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    public FreezeWatch(LockSafety safety, TimeProvider clock)
    {
        _safety = safety;
        _clock = clock;
        _timer = clock.CreateTimer(static self => ((IActorRef)self!).Tell(Beat.Instance), Self, TimeSpan.Zero, LockSafety.Beat);
    }

    private TimeSpan Now => _clock.GetElapsedTime(0);

    public static Props CreateProps(LockSafety safety, TimeProvider clock) => ActorFactory.CreateProps(() => new FreezeWatch(safety, clock));

    /// <summary>
    /// Whether a node is an Up member of its cluster and reaches more than half of all members. One that leaves grants nothing any
    /// more: what it granted has run out before it can be gone without having handed its locks over.
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
        Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberDowned), typeof(ClusterEvent.MemberRemoved));

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
                _safety.Beats(Now);
                break;
            case ClusterEvent.MemberUp up when up.Member.UniqueAddress.Equals(Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress):
                _safety.Joined(Now);
                break;
            case ClusterEvent.MemberUp:
                break;
            case ClusterEvent.MemberDowned:
            case ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down }:
                _safety.Lost(Now);
                break;
            case ClusterEvent.MemberRemoved:
                break; // it left by itself, and its locks stopped after their holders
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed class Beat : INoSerializationVerificationNeeded
    {
        public static Beat Instance { get; } = new();
    }
}
