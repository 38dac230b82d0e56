using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Removal.Drain;

/// <summary>What a drain has done so far, in numbers and words.</summary>
internal sealed class DrainTally(KubeName node, DrainPlan plan, TimeSpan? wait, ImmutableArray<DrainedPod> pods)
{
    /// <summary>The pods that were evicted, or gone by themselves.</summary>
    public int Done => Count(PodFate.Evicted) + Count(PodFate.Gone);

    /// <summary>The evicted or terminating pods that the drain still waits for.</summary>
    public int StillThere => pods.Count(pod => pod is { IsThere: true, IsAwaited: true, Fate: PodFate.Evicted or PodFate.Leaving });

    /// <summary>The progress, for a log line.</summary>
    public string Progress =>
        $"draining the node {node}: {Done} of {plan.Evict.Length} pods evicted, {StillThere} still there"
        + Part(Count(PodFate.Refused), "refused by a disruption budget") + Part(Count(PodFate.Kept), "kept by min_healthy_replicas")
        + Part(Count(PodFate.Throttled), "throttled") + Part(Count(PodFate.Failed), "failed");

    public static string Pods(int count) => count == 1 ? "1 pod" : $"{count} pods";

    /// <summary>How the action ends.</summary>
    /// <param name="finished">False when the deadline came first.</param>
    /// <param name="changed">Whether this action cordoned the node, or an earlier attempt may have done something: else a drain that evicts nothing did nothing.</param>
    public ActionOutcome End(bool finished, bool ignoreErrors, bool changed)
    {
        var objects = KubeOutcomes.NodeObjects(node);
        if (!finished)
        {
            return new ActionOutcome.Failed(FailureKind.Timeout, $"the deadline came before the end of draining the node {node}: {Counts}", objects);
        }

        if (Trouble is { } kind && !ignoreErrors)
        {
            var failed = new ActionOutcome.Failed(kind, $"the node {node} was not drained to the end: {Counts}", objects, LongestWait(kind));
            return changed || MayHaveEvicted ? KubeOutcomes.Written(failed) : failed;
        }

        return changed || Count(PodFate.Evicted) > 0 ? new ActionOutcome.Succeeded($"the node {node} was drained: {Counts}", objects)
            : new ActionOutcome.Ignored($"nothing was done to the node {node}: {Counts}", objects);
    }

    private string Counts
    {
        get
        {
            int uncounted = pods.Count(pod => pod is { HasNoReplicas: true, Fate: PodFate.Evicted });
            int unwaited = pods.Count(pod => pod is { IsThere: true, IsAwaited: false, Fate: PodFate.Evicted });
            return $"{Pods(Count(PodFate.Evicted))} evicted" + (unwaited > 0 ? $" ({unwaited} not waited for)" : "")
                + Part(Count(PodFate.Gone), "already gone") + Part(Count(PodFate.Leaving), "terminating before") + plan.Rest
                + Part(Count(PodFate.Kept), "kept by min_healthy_replicas") + Part(Count(PodFate.Refused), "refused by a disruption budget")
                + Part(Count(PodFate.Throttled), "throttled by the API server") + Part(Count(PodFate.Failed), "failed") + Part(Count(PodFate.Untried), "not tried")
                + (uncounted > 0 ? $"; min_healthy_replicas does not apply to {uncounted} of the evicted, which have no replicas" : "")
                + (StillThere > 0 ? $"; {StillThere} still there after {wait?.TotalSeconds:0} s" : "")
                + (FirstError is { } error ? $"; the first: {error}" : "");
        }
    }

    private string? FirstError => pods.FirstOrDefault(pod => pod.Fate is PodFate.Failed or PodFate.Throttled or PodFate.Refused)?.Error?.Message;

    private bool MayHaveEvicted => pods.Any(pod => pod.Fate == PodFate.Evicted
        || (pod is { Fate: PodFate.Failed, Error: { } error } && error.Kind.MayHaveHappened()));

    // A transient failure makes the pipeline drain again, which is safe; a pod that had its time in max_wait_period is final. So is a
    // plain 500: the API server gives it when a pod has two budgets.
    private FailureKind? Trouble
    {
        get
        {
            var failed = pods.Where(pod => pod.Fate == PodFate.Failed).Select(pod => pod.Error!).ToList();
            if (failed.FirstOrDefault(error => error.Kind.IsAccessDenied()) is { } refused)
            {
                return refused.Kind;
            }

            var transient = failed.FirstOrDefault(error => error.Code != 500 && error.Kind.IsTransient());
            return transient is not null ? transient.Kind
                : Count(PodFate.Throttled) > 0 ? FailureKind.Throttled
                : failed.Count > 0 || Count(PodFate.Refused) > 0 || StillThere > 0 ? FailureKind.Rejected
                : null;
        }
    }

    private static string Part(int count, string what) => count > 0 ? $"; {count} {what}" : "";

    private TimeSpan? LongestWait(FailureKind kind) =>
        kind == FailureKind.Throttled ? pods.Where(pod => pod.Fate == PodFate.Throttled).Max(pod => pod.Error?.RetryAfter) : null;

    private int Count(PodFate fate) => pods.Count(pod => pod.Fate == fate);
}
