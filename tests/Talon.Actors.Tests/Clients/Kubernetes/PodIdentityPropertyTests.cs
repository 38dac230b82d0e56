using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Tests.Clients.Kubernetes;

/// <summary>The rules held against what really happened, over many made-up histories.</summary>
public sealed class PodIdentityPropertyTests
{
    private const int Cases = 40_000;

    [Fact]
    public void Decide_AnyHistory_NeverTakesAnotherPodForThatOfTheEvent()
    {
        int others = 0;
        int told = 0;
        foreach (var (seed, one) in All())
        {
            var decision = PodIdentity.Decide(one.Event, one.Pod, one.AcceptedAt, one.Now);
            if (one.IsSame)
            {
                continue;
            }

            others++;
            bool byIds = one.HasUid || (one.HasContainer && ContainerHistory.IsWhole(one.Pod, Happened(one)));
            if (one.ClockIsRight || byIds)
            {
                told++;
                Assert.False(decision is PodIdentity.Same, $"seed {seed}: {decision}");
            }
            else
            {
                // Nothing but the clock of a node that is wrong speaks: its age alone may mislead, and the outcome says that it was the age.
                Assert.True(decision is not PodIdentity.Same { By: not PodEvidence.Age }, $"seed {seed}: {decision}");
            }
        }

        Assert.True(others > Cases / 20 && told > others / 2, $"{told} of {others}");
    }

    [Fact]
    public void Decide_AnyHistory_TakesTheRightPodWhereAnIdSaysSo()
    {
        foreach (var (seed, one) in All().Where(one => one.Case.IsSame && (one.Case.HasUid || (one.Case.HasContainer && one.Case.IsShown))))
        {
            var same = Assert.IsType<PodIdentity.Same>(PodIdentity.Decide(one.Event, one.Pod, one.AcceptedAt, one.Now));
            Assert.True(same.By == (one.HasUid ? PodEvidence.Uid : PodEvidence.ContainerId), $"seed {seed}: {same}");
        }
    }

    [Fact]
    public void Decide_AnyHistory_NeverCallsTheRightPodAnotherWhileItsKubeletIsLateAndClocksAreRight()
    {
        foreach (var (seed, one) in All().Where(one => one.Case.IsSame && one.Case.ClockIsRight && one.Case.HasContainer && one.Case.Now < one.Case.AcceptedAt + PodIdentity.Patience))
        {
            bool fresh = one.AcceptedAt - Happened(one) < TimeSpan.FromSeconds(1.5);
            var decision = PodIdentity.Decide(one.Event, one.Pod, one.AcceptedAt, one.Now);
            Assert.True(!fresh || decision is not PodIdentity.Replaced || one.Now >= Happened(one) + PodIdentity.Patience, $"seed {seed}: {decision}");
        }
    }

    [Fact]
    public void Decide_AnyHistory_WaitsNoLongerThanItsPatience()
    {
        foreach (var (seed, one) in All())
        {
            var end = one.AcceptedAt + PodIdentity.Patience;
            Assert.True(PodIdentity.Decide(one.Event, one.Pod, one.AcceptedAt, one.Now > end ? one.Now : end) is not PodIdentity.NotYet, $"seed {seed}");
        }
    }

    private static DateTimeOffset Happened(PodHistory.Case one) => one.Event.Time!.Value < one.AcceptedAt ? one.Event.Time.Value : one.AcceptedAt;

    private static IEnumerable<(int Seed, PodHistory.Case Case)> All()
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            yield return (seed, new PodHistory(seed).Pick());
        }
    }
}
