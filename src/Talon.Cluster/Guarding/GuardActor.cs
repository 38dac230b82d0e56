using Akka.Actor;
using Akka.Cluster.Sharding;
using Talon.Cluster.Protocol;

namespace Talon.Cluster.Guarding;

/// <summary>The guard of one key. It keeps nothing on disk: a new one waits out what the one before it may have granted.</summary>
internal sealed class GuardActor : UntypedActor
{
    // How often a guard that may not grant now looks whether it may.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly GuardQueue<IActorRef> _queue = new(Akka.Serialization.Serialization.SerializedActorPath(Context.Self));
    private readonly IGuardSight _sight;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _made;
    private readonly ITimer _timer;
    private TimeSpan _idleSince;
    private TimeSpan _notBefore = TimeSpan.MinValue;

    public GuardActor(IGuardSight sight, TimeProvider clock)
    {
        _sight = sight;
        _clock = clock;
        _made = Now;
        _idleSince = _made;
        _timer = clock.CreateTimer(static self => ((IActorRef)self!).Tell(Look.Instance), Self, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _clock.GetElapsedTime(0);

    public static Props CreateProps(IGuardSight sight, TimeProvider clock) => Props.CreateBy(new Producer(sight, clock));

    protected override void PreStart() => Settle();

    // Who held the grant is forgotten.
    protected override void PostRestart(Exception reason)
    {
        _notBefore = Now + GuardTimes.Quarantine;
        base.PostRestart(reason);
    }

    protected override void PostStop() => _timer.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GuardProtocol.Acquire acquire:
                _queue.Ask(acquire.Id, Sender, Now);
                Settle();
                break;
            case GuardProtocol.Release release:
                _queue.Release(release.Id);
                Settle();
                break;
            case GuardProtocol.HandOff:
                _queue.Leave();
                Settle();
                break;
            case Look:
                Settle();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Settle()
    {
        var now = Now;
        bool mayGrant = now >= _notBefore && now >= _sight.QuarantineEnd(_made) && _sight.MayGrant(now);
        foreach (var (asker, reply) in _queue.Settle(now, mayGrant))
        {
            asker.Tell(reply);
        }

        if (_queue.IsLeaving && _queue.IsFree)
        {
            Context.Stop(Self);
            return;
        }

        _idleSince = _queue.IsIdle ? _idleSince : now;
        if (_queue.IsIdle && now - _idleSince >= GuardTimes.Idle)
        {
            // The shard keeps what comes in meanwhile and makes a new guard for it.
            Context.Parent.Tell(new Passivate(GuardProtocol.HandOff.Instance));
            _idleSince = now;
        }

        var due = _queue.Due() ?? _idleSince + GuardTimes.Idle;
        if (!mayGrant && !_queue.IsIdle && now + LookAgain < due)
        {
            due = now + LookAgain;
        }

        // Timers count whole milliseconds: one more, or it would be early.
        _timer.Change(due > now ? due - now + Millisecond : Millisecond, Timeout.InfiniteTimeSpan);
    }

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static Look Instance { get; } = new();
    }

    private sealed class Producer(IGuardSight sight, TimeProvider clock) : IIndirectActorProducer
    {
        public Type ActorType => typeof(GuardActor);

        public ActorBase Produce() => new GuardActor(sight, clock);

        public void Release(ActorBase actor)
        {
        }
    }
}
