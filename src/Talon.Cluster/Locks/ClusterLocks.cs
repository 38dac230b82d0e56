using Akka.Actor;
using Akka.Cluster.Sharding;
using Talon.Cluster.Sharding;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Locks;

/// <summary>The locks of the cluster, as one node reaches them. Safe for parallel use.</summary>
public sealed class ClusterLocks : IClusterLocks
{
    private static readonly TimeSpan MovePause = TimeSpan.FromMilliseconds(200);

    // A grant with less than half of its time left is not worth using.
    private static readonly TimeSpan LeastHold = (LockTimes.Grant - LockTimes.Margin) / 2;
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(1);

    private readonly IActorRef _door;
    private readonly Func<string, IActorRef> _resolve;
    private readonly TimeProvider _clock;
    private readonly ILockSafety _safety;

    /// <param name="safety">What this node sees of its cluster.</param>
    /// <param name="resolve">Finds an actor by its path with address; never waits.</param>
    /// <param name="clock">The clock; holds are counted on its time stamp.</param>
    internal ClusterLocks(ILockSafety safety, IActorRef door, Func<string, IActorRef> resolve, TimeProvider clock)
    {
        _safety = safety;
        _door = door;
        _resolve = resolve;
        _clock = clock;
    }

    /// <inheritdoc/>
    public async Task<ILockHold> AcquireAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, LockTimes.MaxKey);
        var id = Guid.NewGuid();
        try
        {
            while (true)
            {
                // From before the request: whatever the way costs, this ends before the lock's own count.
                long sent = _clock.GetTimestamp();
                switch (await AskAsync(new LockProtocol.Acquire(key, id), cancellationToken))
                {
                    case LockProtocol.Reply.Granted granted:
                        var lockHold = new LockHold(_clock, _resolve(granted.Lock), key, id, sent, TimeSpan.FromMilliseconds(granted.LeftMs) - LockTimes.Margin);
                        if (lockHold.IsUseful)
                        {
                            return lockHold;
                        }

                        // Most of the grant was used up on the way: leave it to the next in line and ask again.
                        lockHold.Dispose();
                        id = Guid.NewGuid();
                        break;
                    case LockProtocol.Reply.Queued or null:
                        break;
                    case LockProtocol.Reply.Moving:
                        await Task.Delay(MovePause, _clock, cancellationToken);
                        break;
                    case LockProtocol.Reply.Full:
                        await Task.Delay(FullPause, _clock, cancellationToken);
                        break;
                    case var other:
                        throw new InvalidOperationException($"a lock answered with a {other.GetType().Name}");
                }
            }
        }
        catch
        {
            _door.Tell(new LockProtocol.Release(key, id));
            throw;
        }
    }

    /// <summary>Whether this node reaches a majority and was not frozen a moment ago, so that it may believe what it sees of its cluster.</summary>
    internal bool IsViewReliable => _safety.MayGrant(_clock.GetElapsedTime(0));

    /// <summary>Starts the locks of a node.</summary>
    /// <param name="system">The actor system of the node. Nothing is granted before it is a member of its cluster.</param>
    /// <param name="alone">Whether there is provably no other node: the cluster is one of a single node, and its journal belongs to one process.</param>
    internal static ClusterLocks Start(ActorSystem system, bool alone, TimeProvider clock)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        ILockSafety safety;
        if (alone)
        {
            safety = new SingleNodeLockSafety();
        }
        else
        {
            var several = new LockSafety(clock.GetElapsedTime(0), () => FreezeWatch.SeesMajority(cluster));
            system.ActorOf(FreezeWatch.CreateProps(several, clock), "lock-watch");
            safety = several;
        }

        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system);
        var extractor = new LockMessageExtractor();
        var region = sharding.Start(
            ActorNames.LockShards,
            _ => LockActor.CreateProps(safety, clock),
            settings,
            extractor,
            CautiousAllocation.Of(system, settings),
            LockProtocol.HandOff.Instance);

        // A region that has handed its shards over ends; actions that still run on a leaving node reach the locks another way.
        var door = alone ? region : sharding.StartProxy(ActorNames.LockShards, ActorNames.Talon, extractor);
        return new ClusterLocks(safety, door, ((ExtendedActorSystem)system).Provider.ResolveActorRef, clock);
    }

    // Null when no answer came in time.
    private async Task<LockProtocol.Reply?> AskAsync(LockProtocol.Acquire request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(LockTimes.Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await _door.Ask<LockProtocol.Reply>(request, Timeout.InfiniteTimeSpan, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private sealed class LockHold(TimeProvider clock, IActorRef owner, string key, Guid id, long from, TimeSpan length) : ILockHold
    {
        private int _released;

        public TimeSpan Left =>
            Volatile.Read(ref _released) == 0 && length - clock.GetElapsedTime(from) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

        public bool IsUseful => Left >= LeastHold;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                owner.Tell(new LockProtocol.Release(key, id));
            }
        }
    }
}
