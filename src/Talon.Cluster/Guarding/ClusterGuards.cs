using Akka.Actor;
using Akka.Cluster.Sharding;
using Talon.Cluster.Protocol;
using Talon.Cluster.Sharding;

namespace Talon.Cluster.Guarding;

/// <summary>The guards of the cluster, as one node reaches them. Safe for parallel use.</summary>
public sealed class ClusterGuards : IGuards
{
    private static readonly TimeSpan MovePause = TimeSpan.FromMilliseconds(200);

    // With less of it left than half, a grant is not worth to begin with.
    private static readonly TimeSpan LeastHold = (GuardTimes.Grant - GuardTimes.Margin) / 2;
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(1);

    private readonly IActorRef _door;
    private readonly Func<string, IActorRef> _resolve;
    private readonly TimeProvider _clock;
    private readonly IGuardSight _sight;

    /// <param name="sight">What this node sees of its cluster.</param>
    /// <param name="resolve">Finds an actor by its path with address; never waits.</param>
    /// <param name="clock">The clock; holds are counted on its time stamp.</param>
    internal ClusterGuards(IGuardSight sight, IActorRef door, Func<string, IActorRef> resolve, TimeProvider clock)
    {
        _sight = sight;
        _door = door;
        _resolve = resolve;
        _clock = clock;
    }

    /// <inheritdoc/>
    public async Task<IGuardHold> AcquireAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, GuardTimes.MaxKey);
        var id = Guid.NewGuid();
        try
        {
            while (true)
            {
                // From before the request: whatever the way costs, this ends before the guard's own count.
                long sent = _clock.GetTimestamp();
                switch (await AskAsync(new GuardProtocol.Acquire(key, id), cancellationToken))
                {
                    case GuardProtocol.Reply.Granted granted:
                        var hold = new Hold(_clock, _resolve(granted.Guard), key, id, sent, TimeSpan.FromMilliseconds(granted.LeftMs) - GuardTimes.Margin);
                        if (hold.IsUseful)
                        {
                            return hold;
                        }

                        // Most of the grant was used up on the way: leave it to the next in line and ask again.
                        hold.Dispose();
                        id = Guid.NewGuid();
                        break;
                    case GuardProtocol.Reply.Queued or null:
                        break;
                    case GuardProtocol.Reply.Moving:
                        await Task.Delay(MovePause, _clock, cancellationToken);
                        break;
                    case GuardProtocol.Reply.Full:
                        await Task.Delay(FullPause, _clock, cancellationToken);
                        break;
                    case var other:
                        throw new InvalidOperationException($"a guard answered with a {other.GetType().Name}");
                }
            }
        }
        catch
        {
            _door.Tell(new GuardProtocol.Release(key, id));
            throw;
        }
    }

    /// <summary>Whether this node reaches a majority and was not frozen a moment ago, so that it may believe what it sees of its cluster.</summary>
    internal bool IsSightClear => _sight.MayGrant(_clock.GetElapsedTime(0));

    /// <summary>Starts the guards of a node.</summary>
    /// <param name="system">The actor system of the node, a member of its cluster.</param>
    /// <param name="alone">Whether there is provably no other node: the cluster is one of a single node, and its journal belongs to one process.</param>
    internal static ClusterGuards Start(ActorSystem system, bool alone, TimeProvider clock)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        IGuardSight sight;
        if (alone)
        {
            sight = new AloneSight();
        }
        else
        {
            var several = new ClusterSight(clock.GetElapsedTime(0), () => GuardWatch.SeesMajority(cluster));
            system.ActorOf(GuardWatch.CreateProps(several, clock), "guard-watch");
            sight = several;
        }

        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system);
        var extractor = new GuardMessageExtractor();
        var region = sharding.Start(
            ActorNames.GuardShards,
            _ => GuardActor.CreateProps(sight, clock),
            settings,
            extractor,
            CautiousAllocation.Of(system, settings),
            GuardProtocol.HandOff.Instance);

        // A region that has handed its shards over ends; actions that still run on a leaving node reach the guards another way.
        var door = alone ? region : sharding.StartProxy(ActorNames.GuardShards, ActorNames.Talon, extractor);
        return new ClusterGuards(sight, door, ((ExtendedActorSystem)system).Provider.ResolveActorRef, clock);
    }

    // Null when no answer came in time.
    private async Task<GuardProtocol.Reply?> AskAsync(GuardProtocol.Acquire request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(GuardTimes.Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await _door.Ask<GuardProtocol.Reply>(request, Timeout.InfiniteTimeSpan, either.Token);
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

    private sealed class Hold(TimeProvider clock, IActorRef guard, string key, Guid id, long from, TimeSpan length) : IGuardHold
    {
        private int _released;

        public bool IsHeld => Volatile.Read(ref _released) == 0 && clock.GetElapsedTime(from) < length;

        public bool IsUseful => length - clock.GetElapsedTime(from) >= LeastHold;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                guard.Tell(new GuardProtocol.Release(key, id));
            }
        }
    }
}
