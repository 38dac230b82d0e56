using Akka.Actor;
using Akka.Cluster.Sharding;
using Talon.Cluster.Actors;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Locks;

/// <summary>The lock of one key. It keeps nothing on disk: a new one waits out what the one before it may have granted.</summary>
internal sealed class LockActor : UntypedActor
{
    // How often a lock that may not grant now checks whether it may.
    private static readonly TimeSpan RecheckInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly LockQueue<IActorRef> _queue = new(Akka.Serialization.Serialization.SerializedActorPath(Context.Self));
    private readonly ILockSafety _safety;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _made;
    private readonly ITimer _timer;
    private TimeSpan _idleSince;
    private TimeSpan _notBefore = TimeSpan.MinValue;

    public LockActor(ILockSafety safety, TimeProvider clock)
    {
        _safety = safety;
        _clock = clock;
        _made = Now;
        _idleSince = _made;
        _timer = clock.CreateTimer(static self => ((IActorRef)self!).Tell(Tick.Instance), Self, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _clock.GetElapsedTime(0);

    public static Props CreateProps(ILockSafety safety, TimeProvider clock) => ActorFactory.CreateProps(() => new LockActor(safety, clock));

    protected override void PreStart() => Settle();

    // The holder of the grant is forgotten.
    protected override void PostRestart(Exception reason)
    {
        _notBefore = Now + LockTimes.Quarantine;
        base.PostRestart(reason);
    }

    protected override void PostStop() => _timer.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LockProtocol.Acquire acquire:
                _queue.Ask(acquire.Id, Sender, Now);
                Settle();
                break;
            case LockProtocol.Release release:
                _queue.Release(release.Id);
                Settle();
                break;
            case LockProtocol.HandOff:
                _queue.Leave();
                Settle();
                break;
            case Tick:
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
        bool mayGrant = now >= _notBefore && now >= _safety.QuarantineEnd(_made) && _safety.MayGrant(now);
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
        if (_queue.IsIdle && now - _idleSince >= LockTimes.Idle)
        {
            // The shard keeps what comes in meanwhile and makes a new lock for it.
            Context.Parent.Tell(new Passivate(LockProtocol.HandOff.Instance));
            _idleSince = now;
        }

        var due = _queue.Due() ?? _idleSince + LockTimes.Idle;
        if (!mayGrant && !_queue.IsIdle && now + RecheckInterval < due)
        {
            due = now + RecheckInterval;
        }

        // Timers count whole milliseconds: one more, or it would be early.
        _timer.Change(due > now ? due - now + Millisecond : Millisecond, Timeout.InfiniteTimeSpan);
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }
}
