using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Cluster.Locks;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Removal;

/// <summary>
/// Enforces <c>min_healthy_replicas</c>: counts the healthy pods of the controller (ReplicaSet, StatefulSet, DaemonSet) that would
/// remain without the target. It counts the pods themselves, because the controller's status lags behind deletions. From the count to
/// the deletion the caller holds a lock on the controller across the whole cluster, so that alerts for all of its pods at once cannot
/// take it below its minimum, whichever nodes act on them. A pod of nothing with replicas may be removed; one of an owner that Talon
/// cannot count may not.
/// </summary>
internal sealed class ReplicaGuard(IPods pods, IPodControllers controllers, IClusterLocks clusterLocks)
{
    /// <summary>Waits for its turn with the pod's controller and counts. Without a threshold everything is allowed.</summary>
    public async Task<ReplicaTurn> TakeAsync(PodTarget.Found target, ReplicaThreshold? threshold, CallScope scope)
    {
        if (threshold is null || ReplicaOwner.Of(target.Pod) is not ReplicaOwner.Counted owner)
        {
            return new ReplicaTurn(await CheckAsync(target, threshold, scope), scope);
        }

        ILockHold hold;
        try
        {
            hold = await clusterLocks.AcquireAsync(owner.Uid, scope.Token);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return new ReplicaTurn(
                new ReplicaCheck(new ActionOutcome.Failed(FailureKind.NotSent, "no turn to count the healthy pods before the deadline", target.Objects)), scope);
        }

        try
        {
            var turn = scope.While(() => hold.IsHeld ? null : "its turn to count the healthy pods has run out");
            return new ReplicaTurn(await CheckAsync(target, threshold, turn), turn, hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Counts without a turn, so the answer may be outdated at once. What cannot be read allows nothing.</summary>
    public async Task<ReplicaCheck> CheckAsync(PodTarget.Found target, ReplicaThreshold? threshold, CallScope scope) =>
        threshold is null ? ReplicaCheck.Allowed : ReplicaOwner.Of(target.Pod) switch
        {
            ReplicaOwner.Counted counted => new ReplicaCheck(await CountAsync(target, counted, threshold, scope)),
            ReplicaOwner.None none => new ReplicaCheck(null, none.Reason),
            ReplicaOwner.Unknown unknown => new ReplicaCheck(new ActionOutcome.Failed(
                FailureKind.Invalid,
                $"min_healthy_replicas cannot be kept for the pod {target.Name} in the namespace {target.Namespace}: {unknown.Reason}, whose replicas Talon cannot count",
                target.Objects)),
            var other => throw new InvalidOperationException($"unexpected owner of replicas: {other}"),
        };

    private static bool IsHealthy(V1Pod pod, string controllerUid) =>
        pod.Metadata.DeletionTimestamp is null
        && pod.Metadata.OwnerReferences?.Any(owner => owner.Controller == true && owner.Uid == controllerUid) == true
        && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    // Null when the target may be removed.
    private async Task<ActionOutcome?> CountAsync(PodTarget.Found target, ReplicaOwner.Counted owner, ReplicaThreshold threshold, CallScope scope)
    {
        if (!KubeName.TryCreate(owner.Name, out var name))
        {
            return new ActionOutcome.Failed(FailureKind.Invalid, $"the name of the pod's {owner.Kind} is not a valid name", target.Objects);
        }

        var read = await controllers.GetAsync(owner.Kind, target.Namespace, name, scope);
        if (!read.TryGet(out var controller, out var error))
        {
            return KubeOutcomes.From(error, target.Objects);
        }

        if (controller.Uid != owner.Uid)
        {
            return new ActionOutcome.Failed(FailureKind.NotFound, $"the pod's {owner.Kind} {name} was replaced by another of that name", target.Objects);
        }

        if (controller.Wanted is not { } wanted)
        {
            // Nothing was written, and the controller will have processed it soon: retry.
            return new ActionOutcome.Failed(
                FailureKind.NotSent, $"how many pods the {owner.Kind} {name} wants is not known yet: its status is older than its specification", target.Objects);
        }

        if (!LabelSelector.TryCreate(controller.Selector, out var selector))
        {
            return new ActionOutcome.Failed(FailureKind.ServerError, $"the {owner.Kind} {name} has no usable selector", target.Objects);
        }

        var listed = await pods.ListAsync(target.Namespace, selector, scope);
        if (!listed.TryGet(out var all, out var listError))
        {
            return KubeOutcomes.From(listError, target.Objects);
        }

        int remaining = all.Count(pod => pod.Metadata.Uid != target.Uid && IsHealthy(pod, owner.Uid));
        return threshold.Holds(remaining, wanted)
            ? null
            : new ActionOutcome.Ignored(
                $"min_healthy_replicas is {threshold}, and without the pod {remaining} healthy of {wanted} wanted pods of the {owner.Kind} {name} would remain",
                target.Objects);
    }
}
