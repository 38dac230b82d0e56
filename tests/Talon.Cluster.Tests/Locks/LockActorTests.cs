using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;
using Talon.Cluster.Locks;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Tests.Locks;

/// <summary>The guard as an actor, in virtual time.</summary>
public sealed class LockActorTests : TestKit
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Sight _sight = new();
    private readonly Guid _a = Guid.NewGuid();
    private readonly Guid _b = Guid.NewGuid();
    private readonly TestProbe _first;
    private readonly TestProbe _second;
    private readonly TestProbe _shard;

    public LockActorTests()
    {
        _first = CreateTestProbe();
        _second = CreateTestProbe();
        _shard = CreateTestProbe();
    }

    [Fact]
    public async Task Acquire_Held_IsGrantedAtTheRelease()
    {
        var guard = Guard();
        await GrantedAsync(guard, _a, _first);
        guard.Tell(new LockProtocol.Acquire("k", _b), _second);
        guard.Tell(new LockProtocol.Release("k", _a));

        await _second.ExpectMsgAsync<LockProtocol.Reply.Granted>();
    }

    [Fact]
    public async Task Acquire_HolderVanished_IsGrantedWhenItsTimeIsOver()
    {
        var guard = Guard();
        await GrantedAsync(guard, _a, _first);
        _clock.Advance(LockTimes.Grant - TimeSpan.FromSeconds(0.5));
        guard.Tell(new LockProtocol.Acquire("k", _b), _second);
        await SettledAsync(guard);
        _clock.Advance(TimeSpan.FromSeconds(0.6));

        await _second.ExpectMsgAsync<LockProtocol.Reply.Granted>();
    }

    [Fact]
    public async Task Acquire_Waiting_IsToldItsPlaceEverySecond()
    {
        var guard = Guard();
        await GrantedAsync(guard, _a, _first);
        for (int i = 0; i < 3; i++)
        {
            guard.Tell(new LockProtocol.Acquire("k", _b), _second);
            await SettledAsync(guard);
            _clock.Advance(TimeSpan.FromSeconds(1.1));
            Assert.Equal(1, (await _second.ExpectMsgAsync<LockProtocol.Reply.Queued>()).Ahead);
        }
    }

    [Fact]
    public async Task Acquire_Quarantine_IsGrantedAfterIt()
    {
        _sight.Quarantine = _clock.GetElapsedTime(0) + TimeSpan.FromSeconds(14);
        var guard = Guard();
        guard.Tell(new LockProtocol.Acquire("k", _a), _first);
        TimeSpan? granted = null;
        for (int i = 0; i < 200 && granted is null; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.25));
            await SettledAsync(guard);
            while (_first.HasMessages)
            {
                if (await _first.ReceiveOneAsync(TimeSpan.Zero) is LockProtocol.Reply.Granted)
                {
                    granted = _clock.GetElapsedTime(0);
                }
                else
                {
                    guard.Tell(new LockProtocol.Acquire("k", _a), _first);
                }
            }
        }

        Assert.InRange(Assert.NotNull(granted), _sight.Quarantine, _sight.Quarantine + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Acquire_MayNotGrant_IsGrantedAsSoonAsItMay()
    {
        _sight.Allows = false;
        var guard = Guard();
        guard.Tell(new LockProtocol.Acquire("k", _a), _first);
        await SettledAsync(guard);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        await SettledAsync(guard);
        Assert.False(_first.HasMessages);
        _sight.Allows = true;
        _clock.Advance(TimeSpan.FromSeconds(0.5));

        await _first.ExpectMsgAsync<LockProtocol.Reply.Granted>();
    }

    [Fact]
    public async Task HandOff_Held_StopsAtTheRelease()
    {
        var guard = Guard();
        await GrantedAsync(guard, _a, _first);
        guard.Tell(new LockProtocol.Acquire("k", _b), _second);
        var stopped = guard.WatchAsync();
        guard.Tell(LockProtocol.HandOff.Instance);
        await _second.ExpectMsgAsync<LockProtocol.Reply.Moving>();
        await SettledAsync(guard);
        Assert.False(stopped.IsCompleted);

        guard.Tell(new LockProtocol.Release("k", _a));
        Assert.True(await stopped.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task HandOff_HolderVanished_StopsWhenItsTimeIsOver()
    {
        var guard = Guard();
        await GrantedAsync(guard, _a, _first);
        var stopped = guard.WatchAsync();
        guard.Tell(LockProtocol.HandOff.Instance);
        await SettledAsync(guard, _a);
        Assert.False(stopped.IsCompleted);
        _clock.Advance(LockTimes.Grant + TimeSpan.FromSeconds(0.1));

        Assert.True(await stopped.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Idle_AfterAWhile_AsksItsShardToStopIt()
    {
        var guard = Guard();
        await GrantedAsync(guard, _a, _first);
        guard.Tell(new LockProtocol.Release("k", _a));
        await SettledAsync(guard);
        _clock.Advance(LockTimes.Idle - TimeSpan.FromSeconds(1));
        await SettledAsync(guard);
        Assert.False(_shard.HasMessages);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Same(LockProtocol.HandOff.Instance, (await _shard.ExpectMsgAsync<Passivate>()).StopMessage);
    }

    [Fact]
    public async Task Held_NeverIdle()
    {
        var guard = Guard();
        for (int i = 0; i < 10; i++)
        {
            await GrantedAsync(guard, _a, _first);
            _clock.Advance(TimeSpan.FromSeconds(8));
        }

        Assert.False(_shard.HasMessages);
    }

    private IActorRef Guard() => _shard.ChildActorOf(LockActor.CreateProps(_sight, _clock));

    private static async Task GrantedAsync(IActorRef guard, Guid id, TestProbe asker)
    {
        guard.Tell(new LockProtocol.Acquire("k", id), asker);
        await asker.ExpectMsgAsync<LockProtocol.Reply.Granted>();
    }

    // Messages are handled in order: what was told before is done, and the timer is set.
    private static async Task SettledAsync(IActorRef guard, Guid? holder = null) =>
        await guard.Ask<ActorIdentity>(new Identify(holder), TimeSpan.FromSeconds(20));

    private sealed class Sight : ILockSafety
    {
        public bool Allows { get; set; } = true;

        public TimeSpan Quarantine { get; set; } = TimeSpan.MinValue;

        public bool MayGrant(TimeSpan now) => Allows;

        public TimeSpan QuarantineEnd(TimeSpan made) => Quarantine;
    }
}
