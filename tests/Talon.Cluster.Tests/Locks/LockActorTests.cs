using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;
using Talon.Cluster.Locks;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Tests.Locks;

/// <summary>The lock as an actor, in virtual time.</summary>
public sealed class LockActorTests : TestKit
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Sight _safety = new();
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
        var actor = NewLock();
        await GrantedAsync(actor, _a, _first);
        actor.Tell(new LockProtocol.Acquire("k", _b), _second);
        actor.Tell(new LockProtocol.Release("k", _a));

        await _second.ExpectMsgAsync<LockProtocol.Reply.Granted>();
    }

    [Fact]
    public async Task Acquire_HolderVanished_IsGrantedWhenItsTimeIsOver()
    {
        var actor = NewLock();
        await GrantedAsync(actor, _a, _first);
        _clock.Advance(LockTimes.Grant - TimeSpan.FromSeconds(0.5));
        actor.Tell(new LockProtocol.Acquire("k", _b), _second);
        await SettledAsync(actor);
        _clock.Advance(TimeSpan.FromSeconds(0.6));

        await _second.ExpectMsgAsync<LockProtocol.Reply.Granted>();
    }

    [Fact]
    public async Task Acquire_Waiting_IsToldItsPlaceEverySecond()
    {
        var actor = NewLock();
        await GrantedAsync(actor, _a, _first);
        for (int i = 0; i < 3; i++)
        {
            actor.Tell(new LockProtocol.Acquire("k", _b), _second);
            await SettledAsync(actor);
            _clock.Advance(TimeSpan.FromSeconds(1.1));
            Assert.Equal(1, (await _second.ExpectMsgAsync<LockProtocol.Reply.Queued>()).Ahead);
        }
    }

    [Fact]
    public async Task Acquire_Quarantine_IsGrantedAfterIt()
    {
        _safety.Quarantine = _clock.GetElapsedTime(0) + TimeSpan.FromSeconds(14);
        var actor = NewLock();
        actor.Tell(new LockProtocol.Acquire("k", _a), _first);
        TimeSpan? granted = null;
        for (int i = 0; i < 200 && granted is null; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.25));
            await SettledAsync(actor);
            while (_first.HasMessages)
            {
                if (await _first.ReceiveOneAsync(TimeSpan.Zero) is LockProtocol.Reply.Granted)
                {
                    granted = _clock.GetElapsedTime(0);
                }
                else
                {
                    actor.Tell(new LockProtocol.Acquire("k", _a), _first);
                }
            }
        }

        Assert.InRange(Assert.NotNull(granted), _safety.Quarantine, _safety.Quarantine + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Acquire_MayNotGrant_IsGrantedAsSoonAsItMay()
    {
        _safety.Allows = false;
        var actor = NewLock();
        actor.Tell(new LockProtocol.Acquire("k", _a), _first);
        await SettledAsync(actor);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        await SettledAsync(actor);
        Assert.False(_first.HasMessages);
        _safety.Allows = true;
        _clock.Advance(TimeSpan.FromSeconds(0.5));

        await _first.ExpectMsgAsync<LockProtocol.Reply.Granted>();
    }

    [Fact]
    public async Task HandOff_Held_StopsAtTheRelease()
    {
        var actor = NewLock();
        await GrantedAsync(actor, _a, _first);
        actor.Tell(new LockProtocol.Acquire("k", _b), _second);
        var stopped = actor.WatchAsync();
        actor.Tell(LockProtocol.HandOff.Instance);
        await _second.ExpectMsgAsync<LockProtocol.Reply.Moving>();
        await SettledAsync(actor);
        Assert.False(stopped.IsCompleted);

        actor.Tell(new LockProtocol.Release("k", _a));
        Assert.True(await stopped.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task HandOff_HolderVanished_StopsWhenItsTimeIsOver()
    {
        var actor = NewLock();
        await GrantedAsync(actor, _a, _first);
        var stopped = actor.WatchAsync();
        actor.Tell(LockProtocol.HandOff.Instance);
        await SettledAsync(actor, _a);
        Assert.False(stopped.IsCompleted);
        _clock.Advance(LockTimes.Grant + TimeSpan.FromSeconds(0.1));

        Assert.True(await stopped.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Idle_AfterAWhile_AsksItsShardToStopIt()
    {
        var actor = NewLock();
        await GrantedAsync(actor, _a, _first);
        actor.Tell(new LockProtocol.Release("k", _a));
        await SettledAsync(actor);
        _clock.Advance(LockTimes.Idle - TimeSpan.FromSeconds(1));
        await SettledAsync(actor);
        Assert.False(_shard.HasMessages);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Same(LockProtocol.HandOff.Instance, (await _shard.ExpectMsgAsync<Passivate>()).StopMessage);
    }

    [Fact]
    public async Task Held_NeverIdle()
    {
        var actor = NewLock();
        for (int i = 0; i < 10; i++)
        {
            await GrantedAsync(actor, _a, _first);
            _clock.Advance(TimeSpan.FromSeconds(8));
        }

        Assert.False(_shard.HasMessages);
    }

    private IActorRef NewLock() => _shard.ChildActorOf(LockActor.CreateProps(_safety, _clock));

    private static async Task GrantedAsync(IActorRef actor, Guid id, TestProbe asker)
    {
        actor.Tell(new LockProtocol.Acquire("k", id), asker);
        await asker.ExpectMsgAsync<LockProtocol.Reply.Granted>();
    }

    // Messages are handled in order: what was told before is done, and the timer is set.
    private static async Task SettledAsync(IActorRef actor, Guid? holder = null) =>
        await actor.Ask<ActorIdentity>(new Identify(holder), TimeSpan.FromSeconds(20));

    private sealed class Sight : ILockSafety
    {
        public bool Allows { get; set; } = true;

        public TimeSpan Quarantine { get; set; } = TimeSpan.MinValue;

        public bool MayGrant(TimeSpan now) => Allows;

        public TimeSpan QuarantineEnd(TimeSpan made) => Quarantine;
    }
}
