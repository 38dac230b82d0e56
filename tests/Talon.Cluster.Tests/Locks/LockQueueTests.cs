using Talon.Cluster.Locks;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Tests.Locks;

/// <summary>Who is let in, who waits and who is forgotten.</summary>
public sealed class LockQueueTests
{
    private readonly LockQueue<string> _queue = new("guard");
    private readonly Guid _a = Guid.NewGuid();
    private readonly Guid _b = Guid.NewGuid();
    private readonly Guid _c = Guid.NewGuid();
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void Ask_Nobody_IsGrantedInFull()
    {
        Ask(_a, "a");

        Assert.Equal(["a: granted 12000"], Settle());
        Assert.False(_queue.IsFree);
    }

    [Fact]
    public void Ask_Held_WaitsInOrderUntilReleased()
    {
        Granted(_a);
        Ask(_b, "b");
        Ask(_c, "c");
        Assert.Empty(Settle());

        _queue.Release(_a);
        Assert.Equal(["b: granted 12000"], Settle());
        _queue.Release(_b);
        Assert.Equal(["c: granted 12000"], Settle());
        _queue.Release(_c);
        Assert.Empty(Settle());
        Assert.True(_queue.IsIdle);
    }

    [Fact]
    public void Ask_HolderAgain_IsToldWhatIsLeft()
    {
        Granted(_a);
        Pass(5);
        Ask(_a, "a again");

        Assert.Equal(["a again: granted 7000"], Settle());
    }

    [Fact]
    public void Ask_WaiterAgain_KeepsItsPlaceAndIsAnsweredAtItsNewPlace()
    {
        Granted(_a);
        Ask(_b, "b");
        Ask(_c, "c");
        Ask(_b, "b again");
        _queue.Release(_a);

        Assert.Equal(["b again: granted 12000"], Settle());
        Assert.Empty(Settle());
    }

    [Fact]
    public void Settle_GrantRunsOut_NextIsLetIn()
    {
        Granted(_a);
        Pass(11.5);
        Ask(_b, "b");
        Assert.Empty(Settle());
        Assert.Equal(TimeSpan.FromSeconds(0.5), _queue.Due() - _now);

        Pass(0.5);
        Assert.Equal(["b: granted 12000"], Settle());
        _queue.Release(_a); // late: it is not its grant any more
        Assert.False(_queue.IsFree);
    }

    [Fact]
    public void Ask_HolderAfterItsGrantRanOut_WaitsLikeEverybody()
    {
        Granted(_a);
        Ask(_b, "b");
        Pass(0.5);
        Settle();
        _now += LockTimes.Grant;
        Ask(_b, "b");
        Ask(_a, "a");

        Assert.Equal(["b: granted 12000"], Settle());
    }

    [Fact]
    public void Settle_WaitsASecond_IsToldItsPlace()
    {
        Granted(_a);
        Ask(_b, "b");
        Ask(_c, "c");
        Assert.Equal(TimeSpan.FromSeconds(1), _queue.Due() - _now);
        Pass(1);

        Assert.Equal(["b: queued 1", "c: queued 2"], Settle());
        Assert.Empty(Settle());
    }

    [Fact]
    public void Settle_FreeWhileTheFirstIsBetweenTwoRequests_KeepsItsTurn()
    {
        Granted(_a);
        Ask(_b, "b");
        Pass(0.5);
        Ask(_c, "c");
        Pass(0.5);
        Assert.Equal(["b: queued 1"], Settle());
        _queue.Release(_a);
        Assert.Empty(Settle());

        Ask(_b, "b again");
        Assert.Equal(["b again: granted 12000"], Settle());
    }

    [Fact]
    public void Settle_WaiterIsSilent_LosesItsPlace()
    {
        Granted(_a);
        Ask(_b, "b");
        Pass(1);
        Settle();
        _queue.Release(_a);
        Ask(_c, "c");
        Pass(0.9);
        Assert.Empty(Settle());
        Pass(0.1);
        Assert.Equal(["c: queued 1"], Settle());
        Ask(_c, "c");
        Pass(0.9);
        Settle();
        Pass(0.1);
        Ask(_c, "c");
        Settle();
        Pass(1);

        Assert.Equal(["c: granted 12000"], Settle());
    }

    [Fact]
    public void Release_Waiting_IsForgotten()
    {
        Granted(_a);
        Ask(_b, "b");
        _queue.Release(_b);
        _queue.Release(_a);

        Assert.Empty(Settle());
        Assert.True(_queue.IsIdle);
        Assert.Null(_queue.Due());
    }

    [Fact]
    public void Settle_MayNotGrant_KeepsAllWaiting()
    {
        Ask(_a, "a");
        Assert.Empty(_queue.Settle(_now, mayGrant: false));
        Pass(1);
        Assert.Equal(["a: queued 0"], Text(_queue.Settle(_now, mayGrant: false)));
        Ask(_a, "a");

        Assert.Equal(["a: granted 12000"], Settle());
    }

    [Fact]
    public void Ask_TooMany_IsTurnedAway()
    {
        Granted(_a);
        for (int i = 0; i < LockTimes.MaxWaiting; i++)
        {
            Ask(Guid.NewGuid(), "one of many");
        }

        Ask(_b, "b");
        Assert.Equal(["b: full"], Settle());
    }

    [Fact]
    public void Leave_Held_WaitersAreSentAwayAndTheHolderMayEnd()
    {
        Granted(_a);
        Ask(_b, "b");
        _queue.Leave();
        Assert.Equal(["b: moving"], Settle());
        Ask(_c, "c");
        Ask(_a, "a again");
        Assert.Equal(["c: moving", "a again: granted 12000"], Settle());
        Assert.False(_queue.IsFree);

        _queue.Release(_a);
        Assert.Empty(Settle());
        Assert.True(_queue.IsFree);
    }

    [Fact]
    public void Leave_HolderVanished_IsFreeWhenItsGrantHasRunOut()
    {
        Granted(_a);
        _queue.Leave();
        Settle();
        _now += LockTimes.Grant;

        Assert.Empty(Settle());
        Assert.True(_queue.IsFree);
    }

    [Fact]
    public void AnyOrderOfEvents_NeverTwoHolders()
    {
        var random = new Random(6);
        for (int run = 0; run < 200; run++)
        {
            var queue = new LockQueue<Guid>("guard");
            var ids = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToArray();
            var until = new Dictionary<Guid, TimeSpan>();
            var now = TimeSpan.FromHours(1);
            for (int step = 0; step < 200; step++)
            {
                var id = ids[random.Next(ids.Length)];
                switch (random.Next(4))
                {
                    case 0 or 1:
                        queue.Ask(id, id, now);
                        break;
                    case 2:
                        queue.Release(id);
                        until.Remove(id);
                        break;
                    default:
                        now += TimeSpan.FromMilliseconds(random.Next(4_000));
                        break;
                }

                foreach (var (asker, reply) in queue.Settle(now, mayGrant: random.Next(3) > 0))
                {
                    if (reply is LockProtocol.Reply.Granted granted)
                    {
                        until[asker] = now + TimeSpan.FromMilliseconds(granted.LeftMs);
                    }
                }

                Assert.True(until.Values.Count(end => end > now) <= 1, $"two holders in run {run} at step {step}");
            }
        }
    }

    private static string[] Text(IReadOnlyList<(string Asker, LockProtocol.Reply Reply)> answers) =>
        [.. answers.Select(answer => $"{answer.Asker}: " + answer.Reply switch
        {
            LockProtocol.Reply.Granted granted => $"granted {granted.LeftMs}",
            LockProtocol.Reply.Queued queued => $"queued {queued.Ahead}",
            LockProtocol.Reply.Moving => "moving",
            _ => "full",
        })];

    private void Ask(Guid id, string asker) => _queue.Ask(id, asker, _now);

    private void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds);

    private string[] Settle() => Text(_queue.Settle(_now, mayGrant: true));

    private void Granted(Guid id)
    {
        Ask(id, "holder");
        Assert.Equal(["holder: granted 12000"], Settle());
    }
}
