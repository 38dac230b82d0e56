using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Actionners.Removal.Drain;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Drain;

/// <summary>A kind that says that nothing was done is only for a drain that did nothing: after it, the next attempt does not know the node.</summary>
public sealed class DrainTallyTests
{
    public static TheoryData<FailureKind> NotDone => [FailureKind.Throttled, FailureKind.NotSent, FailureKind.Unreachable];

    public static TheoryData<FailureKind, FailureKind, int?> NotDoneAndUnknown
    {
        get
        {
            var all = new TheoryData<FailureKind, FailureKind, int?>();
            foreach (var kind in new[] { FailureKind.Throttled, FailureKind.NotSent, FailureKind.Unreachable })
            {
                all.Add(kind, FailureKind.ConnectionLost, null);
                all.Add(kind, FailureKind.Timeout, null);
                all.Add(kind, FailureKind.ServerError, 503);
                all.Add(kind, FailureKind.ServerError, 500);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(NotDone))]
    public void End_NothingWasDone_SaysSo(FailureKind kind)
    {
        Assert.Equal(kind, End(false, Failed(kind)).Kind);
        Assert.Equal(kind, End(false, Failed(kind), Pod(PodFate.Gone)).Kind);
    }

    [Theory]
    [MemberData(nameof(NotDone))]
    public void End_NodeWasCordonedOrAPodEvicted_MayBeDone(FailureKind kind)
    {
        Assert.Equal(FailureKind.ServerError, End(true, Failed(kind)).Kind);
        Assert.Equal(FailureKind.ServerError, End(false, Failed(kind), Pod(PodFate.Evicted)).Kind);
    }

    [Theory]
    [MemberData(nameof(NotDoneAndUnknown))]
    public void End_NobodyKnowsWhetherAPodWasEvicted_MayBeDone(FailureKind kind, FailureKind unknown, int? code)
    {
        var lost = Pod(PodFate.Failed, new KubeError(unknown, "lost") { Code = code });

        Assert.Contains(End(false, Failed(kind), lost).Kind, new[] { FailureKind.ServerError, FailureKind.ConnectionLost, FailureKind.Timeout });
    }

    [Fact]
    public void End_ThrottledAfterAnEviction_StillWaitsAsLongAsAsked() =>
        Assert.Equal(TimeSpan.FromSeconds(7), End(false, Failed(FailureKind.Throttled), Pod(PodFate.Evicted)).RetryAfter);

    private static ActionOutcome.Failed End(bool changed, params DrainedPod[] pods)
    {
        Assert.True(KubeName.TryCreate("node1", out var node));
        var plan = new DrainPlan([.. pods.Select(pod => pod.Target)], [], ImmutableSortedDictionary<string, int>.Empty);
        return Assert.IsType<ActionOutcome.Failed>(new DrainTally(node, plan, null, [.. pods]).End(finished: true, ignoreErrors: false, changed));
    }

    private static DrainedPod Failed(FailureKind kind) => Pod(
        kind == FailureKind.Throttled ? PodFate.Throttled : PodFate.Failed, new KubeError(kind, "not done") { RetryAfter = TimeSpan.FromSeconds(7) });

    private static DrainedPod Pod(PodFate fate, KubeError? error = null)
    {
        Assert.True(NamespaceName.TryCreate("shop", out var namespaceName));
        Assert.True(KubeName.TryCreate("cart-0", out var name));
        var pod = new DrainedPod(new PodTarget.Found(new V1Pod { Metadata = new V1ObjectMeta() }, namespaceName, name), PodFate.Untried, isAwaited: false);
        pod.Becomes(fate, error);
        return pod;
    }
}
