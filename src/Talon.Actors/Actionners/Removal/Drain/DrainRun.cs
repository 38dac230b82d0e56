using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Removal.Drain;

/// <summary>
/// One drain: evicts in rounds, a few pods at a time, so that a pod whose budget is used up delays no other, and checks between the
/// rounds which pods are gone.
/// </summary>
internal sealed class DrainRun(
    IPods pods, ReplicaGuard guard, ConflictRetry conflicts, TimeProvider clock, KubeName node, DrainPlan plan, DrainParameters parameters, CallScope scope)
{
    private const int AtOnce = 8;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    // As long as kubectl waits; a budget changes when another pod has become ready.
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    /// <summary>For how long a throttled eviction is tried again beyond <c>max_wait_period</c>.</summary>
    private static readonly TimeSpan ThrottledFor = TimeSpan.FromSeconds(10);

    private readonly ImmutableArray<DrainedPod> _pods =
    [
        .. plan.Evict.Select(target => new DrainedPod(target, PodFate.Untried, IsAwaited(target, parameters))),
        .. plan.Leaving.Select(target => new DrainedPod(target, PodFate.Leaving, IsAwaited(target, parameters))),
    ];

    private readonly long _start = clock.GetTimestamp();

    public DrainTally Tally => new(node, plan, parameters.MaxWaitPeriod, _pods);

    /// <summary>Runs until no pod is left to evict or wait for, and reports after each round. False when the attempt ended first.</summary>
    public async Task<bool> RunAsync(Action<DrainTally> report)
    {
        try
        {
            while (true)
            {
                long now = clock.GetTimestamp();
                var round = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = scope.Token };
                await Parallel.ForEachAsync(
                    _pods.Where(pod => IsOpen(pod) && pod.NextTry <= now).ToList(), round, async (pod, _) => await TryAsync(pod));
                await PollAsync();
                report(Tally);
                if (scope.Refusal() is not null)
                {
                    return false;
                }

                if (!_pods.Any(IsOpen) && (HasWaited || !_pods.Any(IsWaitedFor)))
                {
                    return true;
                }

                await Task.Delay(PollInterval, clock, scope.Token);
            }
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool IsAwaited(PodTarget.Found target, DrainParameters parameters) =>
        parameters.MaxWaitPeriod is not null && !parameters.WaitPeriodExcludedNamespaces.Contains(target.Namespace);

    private static bool IsWaitedFor(DrainedPod pod) => pod is { IsThere: true, IsAwaited: true, Fate: PodFate.Evicted or PodFate.Leaving };

    private TimeSpan Elapsed => clock.GetElapsedTime(_start);

    private TimeSpan Wait => parameters.MaxWaitPeriod ?? TimeSpan.Zero;

    private bool HasWaited => Elapsed >= Wait;

    private bool IsOpen(DrainedPod pod) => pod.Fate switch
    {
        PodFate.Untried => true,
        PodFate.Refused or PodFate.Kept => !HasWaited,
        PodFate.Throttled => Elapsed < Wait + ThrottledFor,
        _ => false,
    };

    private async Task TryAsync(DrainedPod pod)
    {
        var ((check, error), isCut) = await conflicts.RunAsync(_ => EvictAsync(pod.Target), one => one.Error?.Modified == true, scope);
        pod.HasNoReplicas = check.NotApplied is not null;
        switch (check.End)
        {
            case null:
                Settle(pod, isCut ? error! with { Kind = FailureKind.NotSent } : error);
                break;
            case ActionOutcome.Ignored ignored:
                pod.Becomes(PodFate.Kept, new KubeError(FailureKind.Rejected, ignored.Reason), Later(AskAgain));
                break;
            case ActionOutcome.Failed failed:
                Fail(pod, new KubeError(failed.Kind, failed.Reason) { RetryAfter = failed.RetryAfter });
                break;
            case var other:
                throw new InvalidOperationException($"unexpected result of a replica check: {other}");
        }
    }

    // The replicas are counted anew for each try: the turn ends with the try.
    private async Task<(ReplicaCheck Check, KubeError? Error)> EvictAsync(PodTarget.Found target)
    {
        using var turn = await guard.TakeAsync(target, parameters.MinHealthyReplicas, scope);
        if (turn.Check.End is not null)
        {
            return (turn.Check, null);
        }

        (await pods.EvictAsync(target.Namespace, target.Name, target.Uid, turn.Scope)).TryGet(out _, out var error);
        return (turn.Check, error);
    }

    private void Settle(DrainedPod pod, KubeError? error)
    {
        if (error is null)
        {
            pod.Becomes(PodFate.Evicted);
        }
        else if (error.Replaced || error.Kind == FailureKind.NotFound)
        {
            pod.Becomes(PodFate.Gone);
        }
        else if (error.DisruptionBudget)
        {
            // For a budget that its controller has not processed yet, the answer says how long to wait.
            pod.Becomes(PodFate.Refused, error, Later(error.RetryAfter ?? AskAgain));
        }
        else
        {
            Fail(pod, error);
        }
    }

    private void Fail(DrainedPod pod, KubeError error)
    {
        if (error.Kind == FailureKind.Throttled)
        {
            pod.Becomes(PodFate.Throttled, error, Later(error.RetryAfter ?? PollInterval));
        }
        else
        {
            pod.Becomes(PodFate.Failed, error);
        }
    }

    private long Later(TimeSpan wait) => clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency);

    private async Task PollAsync()
    {
        if (!_pods.Any(IsWaitedFor))
        {
            return;
        }

        // A list that fails now is repeated in the next round; while it fails, every pod counts as still there.
        var listed = await pods.ListOnNodeAsync(node, scope);
        if (!listed.TryGet(out var all, out _))
        {
            return;
        }

        var there = all.Select(pod => pod.Metadata.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var pod in _pods.Where(pod => IsWaitedFor(pod) && !there.Contains(pod.Target.Uid)))
        {
            pod.Left();
        }
    }
}
