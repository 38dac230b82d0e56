using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Calls;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;
using static Talon.Actors.Clients.Kubernetes.Calls.PodLookups;

namespace Talon.Actors.Tests.Clients.Kubernetes.Calls;

/// <summary>Who is looked for next, and what is known, without a server.</summary>
public sealed class PodLookupsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly PodLookups _lookups;

    public PodLookupsTests() => _lookups = new PodLookups(_clock);

    [Fact]
    public void Ask_IdsOfOneNode_ShareItsRound()
    {
        Nothing(Begin("a"));
        Ask("b", "node1");
        Ask("c", "node1");
        Ask("d", "node2");
        Advance(0.5);

        var round = Begin("b", "node1");

        Assert.Equal("node1", round.Node!.Value);
        Assert.Equal([Id("b"), Id("c")], round.OfNode);
        Assert.Equal([Id("b"), Id("c"), Id("d")], round.Ids);
    }

    [Fact]
    public void Ask_IdsOfThreeNodes_ShareTheListOfAllPods()
    {
        Nothing(Begin("a"));
        Ask("b", "node1");
        Ask("c", "node2");
        Ask("d", "node3");
        Advance(0.5);

        var round = Begin("b", "node1");

        Assert.Null(round.Node);
        Assert.Equal(3, round.OfNode.Count);
    }

    [Fact]
    public void Ask_FirstLooks_GoBeforeRepeats()
    {
        Nothing(Begin("a", "node1"));
        Advance(2);
        Ask("a", "node1"); // takes the round as a repeat
        _lookups.Leave();
        Ask("b", "node2");

        _lookups.Leave();
        var round = Begin("a", "node1");

        Assert.Equal(("node2", false), (round.Node!.Value, round.IsRepeat));
        Assert.Contains(Id("a"), round.Ids);
    }

    [Fact]
    public void Ask_Repeat_IsLookedForOnceASecond()
    {
        Nothing(Begin("a", "node1"));
        Advance(0.9);
        Assert.IsType<Answer.Wait>(Ask("a", "node1"));
        Advance(0.1);

        Assert.True(Begin("a", "node1").IsRepeat);
    }

    [Fact]
    public void Ask_UnknownAtBothEndsOf8Seconds_IsNoPodsForEveryEventOfBefore()
    {
        Nothing(Begin("a"));
        Advance(8);
        Nothing(Begin("a"));

        Assert.Equal(FailureKind.NotFound, Error(Ask("a", age: 0)).Kind);
        Advance(59);
        Assert.Equal(FailureKind.NotFound, Error(Ask("a", age: 59)).Kind);
        Advance(1);
        Begin("a", age: 60);
    }

    [Theory]
    [InlineData(9, 8)]
    [InlineData(30, 1)]
    [InlineData(30, 20)]
    public void Ask_UnknownBefore_IsLookedForOnceMoreForALaterEvent(double later, double age)
    {
        Nothing(Begin("a", "node1"));
        Advance(8);
        Nothing(Begin("a", "node1"));
        Advance(later);

        var round = Begin("a", "node1", age);
        Assert.True(round.IsRepeat);
        Nothing(round);

        Assert.Equal(FailureKind.NotFound, Error(Ask("a", "node1", age)).Kind);
        Advance(0.5);
        Assert.IsType<Answer.Wait>(Ask("a", "node1", age: 0.2));
        Advance(0.5);
        _lookups.End(Begin("a", "node1", age: 0.7), Found("a"));
        Assert.True(Assert.IsType<Answer.Known>(Ask("a", "node1", age: 0.7)).Result.TryGet(out _, out _));
    }

    [Fact]
    public void Ask_AcceptedWhileTheLastLookWasUnderWay_IsLookedForOnceMore()
    {
        Nothing(Begin("a"));
        Advance(8);
        var round = Begin("a");
        Advance(3);
        Nothing(round);
        Advance(1);

        Assert.Equal(FailureKind.NotFound, Error(Ask("a", age: 4)).Kind);
        Begin("a", age: 3.9);
    }

    [Fact]
    public void Ask_TooManyWait_RefusesARepeatThatMayNotComeAnyMore()
    {
        Nothing(Begin("a"));
        Advance(30);
        for (int i = 0; i <= MaxWaiting; i++)
        {
            Ask($"{i}"); // the first takes the round, and does not end it
        }

        Assert.IsType<Answer.Wait>(Ask("a", age: 9));
        Assert.Equal(FailureKind.Throttled, Error(Ask("a", age: 10)).Kind);
    }

    [Fact]
    public void Ask_TooManyWait_RefusesMoreButNeverAFirstLookForARepeat()
    {
        Nothing(Begin("a"));
        for (int i = 0; i < MaxWaiting; i++)
        {
            Assert.IsType<Answer.Wait>(Ask($"{i}"));
        }

        Advance(0.5);
        Nothing(Begin("0"));
        Assert.Equal(0, _lookups.Waiting);
        for (int i = 0; i < MaxWaiting; i++)
        {
            Assert.IsType<Answer.Wait>(Ask($"{i}"));
        }

        Assert.Equal(MaxWaiting, _lookups.Waiting);
        Assert.IsType<Answer.Wait>(Ask("a"));
        for (int i = 0; i < MaxWaiting; i++)
        {
            Assert.IsType<Answer.Wait>(Ask($"first {i}"));
        }

        Assert.Equal(MaxWaiting, _lookups.Waiting);
        var error = Error(Ask("one more"));
        Assert.Equal((FailureKind.Throttled, false), (error.Kind, error.NotYet));
        Assert.NotNull(error.RetryAfter);
    }

    [Fact]
    public void Ask_GaveUp_LeavesTheLine()
    {
        Nothing(Begin("a"));
        Ask("b");
        Advance(31);

        Ask("c");

        Assert.Equal(1, _lookups.Waiting);
    }

    [Fact]
    public void End_PodOfAnIdThatOnlyRodeAlong_IsFoundToo()
    {
        Nothing(Begin("a"));
        Ask("b", "node1");
        Ask("c", "node2");
        Advance(0.5);
        var round = Begin("b", "node1");
        var pod = new PodReference("shop", "cart-0", "uid-1");

        _lookups.End(round, Found("c", pod));

        Assert.True(Assert.IsType<Answer.Known>(Ask("c", "node2")).Result.TryGet(out var found, out _));
        Assert.Same(pod, found);
        Assert.Equal(0, _lookups.Waiting);
    }

    [Fact]
    public void End_Failure_IsKeptFor5Seconds()
    {
        Nothing(Begin("a"));
        Ask("b");
        Ask("c");
        Advance(0.5);
        var error = new KubeError(FailureKind.ServerError, "no");
        _lookups.End(Begin("b"), new Harvest(new Dictionary<string, IReadOnlyList<PodReference>>(StringComparer.Ordinal), AllRead: true, error));

        Advance(4.9);
        Assert.Equal(FailureKind.ServerError, Error(Ask("b")).Kind);
        Advance(0.1);
        Begin("c");
    }

    private static ContainerId Id(string name) =>
        ContainerId.TryCreate(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))), out var id)
            ? id : throw new ArgumentException(name);

    private static KubeError Error(Answer answer) =>
        Assert.IsType<Answer.Known>(answer).Result.TryGet(out _, out var error) ? throw new InvalidOperationException("found") : error;

    private void Advance(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    private Answer Ask(string name, string? node = null, double age = 9)
    {
        KubeName.TryCreate(node, out var nodeName);
        return _lookups.Ask(Id(name), nodeName, TimeSpan.FromSeconds(age));
    }

    private Round Begin(string name, string? node = null, double age = 9) => Assert.IsType<Answer.Begin>(Ask(name, node, age)).Round;

    private static Harvest Found(string name, PodReference? pod = null) => new(
        new Dictionary<string, IReadOnlyList<PodReference>>(StringComparer.Ordinal) { [Id(name).Value] = [pod ?? new PodReference("shop", "cart-0", "uid-1")] },
        AllRead: false,
        Error: null);

    private void Nothing(Round round) =>
        _lookups.End(round, new Harvest(new Dictionary<string, IReadOnlyList<PodReference>>(StringComparer.Ordinal), AllRead: true, Error: null));
}
