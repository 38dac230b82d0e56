using Talon.Cluster.Forming;
using Talon.Cluster.Locks;
using Talon.Cluster.Node;

namespace Talon.Cluster.Tests.Locks;

/// <summary>When locks must hold back, because they cannot know enough.</summary>
public sealed class LockSafetyTests
{
    private static readonly TimeSpan Joined = TimeSpan.FromHours(1);
    private bool _majority = true;

    [Fact]
    public void QuarantineEnd_JustJoined_IsCountedFromTheJoin()
    {
        var sight = Sight();

        Assert.Equal(Joined + LockTimes.Quarantine, sight.QuarantineEnd(Joined));
        Assert.Equal(Joined + LockTimes.Quarantine, sight.QuarantineEnd(Joined + TimeSpan.FromHours(1))); // long over
    }

    [Fact]
    public void QuarantineEnd_NotJoinedYet_IsNever()
    {
        var sight = new LockSafety(Joined, () => _majority);

        Assert.Equal(TimeSpan.MaxValue, sight.QuarantineEnd(Joined));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(-13, true)]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void QuarantineEnd_MemberLost_ConcernsGuardsMadeSince(int lostAfterMade, bool waits)
    {
        var sight = Sight();
        var made = Joined + TimeSpan.FromMinutes(10);
        var lost = made + TimeSpan.FromSeconds(lostAfterMade);
        sight.Lost(lost);

        Assert.Equal((waits ? lost : Joined) + LockTimes.Quarantine, sight.QuarantineEnd(made));
    }

    [Fact]
    public void QuarantineEnd_LaterLoss_DoesNotHideTheEarlierOne()
    {
        var sight = Sight();
        var made = Joined + TimeSpan.FromMinutes(10);
        sight.Lost(made);
        sight.Lost(made + TimeSpan.FromSeconds(9));

        Assert.Equal(made + LockTimes.Quarantine, sight.QuarantineEnd(made));
    }

    [Fact]
    public void MayGrant_NoMajority_No()
    {
        var sight = Sight();
        Assert.True(sight.MayGrant(Joined));
        _majority = false;

        Assert.False(sight.MayGrant(Joined));
    }

    [Fact]
    public void MayGrant_WasFrozen_NotUntilTheMembershipHadTimeToTell()
    {
        var sight = Sight();
        sight.Beats(Joined + TimeSpan.FromSeconds(1));
        var woken = Joined + TimeSpan.FromSeconds(60);
        Assert.False(sight.MayGrant(woken)); // before the first beat after the freeze
        sight.Beats(woken);

        Assert.False(sight.MayGrant(woken));
        sight.Beats(woken + TimeSpan.FromSeconds(2.5));
        Assert.False(sight.MayGrant(woken + TimeSpan.FromSeconds(4.9)));
        sight.Beats(woken + TimeSpan.FromSeconds(5));
        Assert.True(sight.MayGrant(woken + TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Times_FitEachOther()
    {
        // A lock that hands off outlasts its holder before Akka stops it (handoff-timeout 20 s less 5 s).
        var settings = NodeSettings.Build(new TalonClusterOptions(), extra: null);
        var handOff = settings.GetTimeSpan("akka.cluster.sharding.handoff-timeout");
        Assert.True(LockTimes.Grant < handOff - TimeSpan.FromSeconds(5));

        // A holder never thinks that it holds for longer than the lock does, and a new lock waits for longer than both.
        Assert.True(LockTimes.Margin > TimeSpan.Zero);
        Assert.True(LockTimes.Quarantine > LockTimes.Grant);

        // A process that was frozen for long enough to be declared unreachable knows that it was frozen.
        Assert.True(LockSafety.Freeze < settings.GetTimeSpan("akka.cluster.failure-detector.acceptable-heartbeat-pause"));

        // One that waits is asked to show itself more often than it is given up or asks again by itself.
        Assert.True(LockTimes.Poll < LockTimes.Patience);
        Assert.True(LockTimes.Poll < LockTimes.Silence);
    }

    private LockSafety Sight()
    {
        var sight = new LockSafety(Joined, () => _majority);
        sight.Joined(Joined);
        return sight;
    }
}
