using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Cluster.Guarding;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Shared;

/// <summary>
/// Holds <c>min_healthy_replicas</c>: counted are the healthy pods of the ReplicaSet that would remain without the target, and
/// they are counted from the pods themselves, because the ReplicaSet's status lags behind deletions. Between the count and the
/// deletion the caller is alone with the ReplicaSet in the whole cluster, so that alerts for all pods of a set at once cannot take
/// it below its minimum, whichever nodes act on them.
/// </summary>
internal sealed class ReplicaGuard(IPods pods, IReplicaSets replicaSets, IGuards guards)
{
    /// <summary>Waits for the turn of a pod's ReplicaSet; null when the attempt ended while waiting.</summary>
    public async Task<ReplicaTurn?> TakeTurnAsync(V1OwnerReference owner, CallScope scope)
    {
        try
        {
            return new ReplicaTurn(await guards.AcquireAsync(owner.Uid, scope.Token), scope);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Null when the target may be taken; otherwise how the action ends. What cannot be read allows nothing.</summary>
    public async Task<ActionOutcome?> CheckAsync(PodTarget.Found target, V1OwnerReference owner, ReplicaThreshold threshold, CallScope scope)
    {
        if (!KubeName.TryCreate(owner.Name, out var name))
        {
            return new ActionOutcome.Failed(FailureKind.Invalid, "the name of the pod's ReplicaSet is not a valid name", target.Objects);
        }

        var read = await replicaSets.GetAsync(target.Namespace, name, scope);
        if (!read.TryGet(out var set, out var setError))
        {
            return KubeOutcomes.From(setError, target.Objects);
        }

        if (set.Metadata.Uid != owner.Uid)
        {
            return new ActionOutcome.Failed(FailureKind.NotFound, $"the pod's ReplicaSet {name} was replaced by another of that name", target.Objects);
        }

        if (!LabelSelector.TryCreate(set.Spec?.Selector, out var selector))
        {
            return new ActionOutcome.Failed(FailureKind.ServerError, $"the ReplicaSet {name} has no usable selector", target.Objects);
        }

        var listed = await pods.ListAsync(target.Namespace, selector, scope);
        if (!listed.TryGet(out var all, out var listError))
        {
            return KubeOutcomes.From(listError, target.Objects);
        }

        int remaining = all.Count(pod => pod.Metadata.Uid != target.Uid && IsHealthy(pod, owner.Uid));
        int desired = set.Spec?.Replicas ?? 1;
        return threshold.Holds(remaining, desired)
            ? null
            : new ActionOutcome.Ignored(
                $"min_healthy_replicas is {threshold}, and without the pod {remaining} healthy of {desired} wanted pods of the ReplicaSet {name} would remain",
                target.Objects);
    }

    private static bool IsHealthy(V1Pod pod, string ownerUid) =>
        pod.Metadata.DeletionTimestamp is null
        && pod.Metadata.OwnerReferences?.Any(owner => owner.Uid == ownerUid) == true
        && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;
}
