using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Captures.Sysdig;

/// <summary>Makes a Job for an action, waits for its pod, and always deletes it afterwards.</summary>
internal sealed class CaptureJob(IJobs jobs, IPods pods, TimeProvider clock)
{
    // How many names to try while Jobs of earlier attempts of the same action are still there.
    private const int MostNames = 3;

    private static readonly TimeSpan CleanupTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CleanupPause = TimeSpan.FromMilliseconds(500);

    /// <summary>The Job of an action, created.</summary>
    public sealed record Made(NamespaceName Namespace, KubeName Name, string Uid);

    /// <summary>Creates the Job. On failure null and how the action ends; then nothing of the Job is left.</summary>
    /// <param name="name">Its name; while a Job has it, a number is appended.</param>
    public async Task<(Made? Job, ActionOutcome? End)> CreateAsync(
        NamespaceName namespaceName, string name, Func<string, V1Job> create, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        for (int number = 1; ; number++)
        {
            string text = number == 1 ? name : $"{name}-{number}";
            var jobName = KubeName.TryCreate(text, out var known) ? known : throw new InvalidOperationException($"{text} is not the name of a Job");
            var job = create(text);
            var created = await jobs.CreateAsync(namespaceName, job, scope);
            if (created.TryGet(out var made, out var error))
            {
                return (new Made(namespaceName, jobName, made.Metadata.Uid), null);
            }

            string action = job.Metadata.Annotations[SysdigJob.ActionAnnotation];
            if (error.AlreadyExists && number < MostNames)
            {
                // An earlier attempt was interrupted before it could delete its own.
                await DeleteOwnAsync(namespaceName, jobName, action, scope);
                continue;
            }

            if (error.Kind.MayHaveHappened())
            {
                // Nobody knows whether it was made.
                using var stop = new CancellationTokenSource(CleanupTime, clock);
                await DeleteOwnAsync(namespaceName, jobName, action, scope.ForCleanup(CleanupTime, stop.Token));
            }

            return (null, KubeOutcomes.From(error, objects));
        }
    }

    /// <summary>Waits until the pod of the Job runs. Null, and how the action ends, when it does not.</summary>
    public async Task<(KubeName? Pod, ActionOutcome.Failed? End)> WaitAsync(
        Made job, TimeSpan most, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        KubeName? name = null;
        var wait = new ContainerWait(clock, most, $"the pod of the Job {job.Namespace}/{job.Name}", objects);
        var end = await wait.RunAsync(
            async () =>
            {
                var read = await jobs.GetAsync(job.Namespace, job.Name, scope);
                if (!read.TryGet(out var now, out var error))
                {
                    return error;
                }

                var listed = await pods.ListAsync(job.Namespace, LabelSelector.OfJob(job.Name), scope);
                if (!listed.TryGet(out var all, out error))
                {
                    return error;
                }

                var pod = all.FirstOrDefault(one => one.Metadata.OwnerReferences?.Any(owner => owner.Uid == job.Uid) == true);
                KubeName.TryCreate(pod?.Metadata.Name, out name);
                return StartOf(now, pod);
            },
            scope);
        return end is null ? (name, null) : (null, end);
    }

    /// <summary>Deletes the Job and its pod, with a deadline of its own. Null when it is gone, else one clause that says why not.</summary>
    /// <param name="scope">The scope of the attempt, which may be over.</param>
    public async Task<string?> DeleteAsync(Made job, CallScope scope)
    {
        using var stop = new CancellationTokenSource(CleanupTime, clock);
        var cleanup = scope.ForCleanup(CleanupTime, stop.Token);
        string why = "";
        while (!stop.IsCancellationRequested)
        {
            var deleted = await jobs.DeleteAsync(job.Namespace, job.Name, job.Uid, cleanup);
            if (deleted.TryGet(out _, out var error) || error.Replaced || error.Kind == FailureKind.NotFound)
            {
                return null;
            }

            why = error.Kind == FailureKind.NotSent && why.Length > 0 ? why : error.Message;
            if (error.Kind.IsAccessDenied() || error.Kind == FailureKind.Rejected)
            {
                break;
            }

            try
            {
                await Task.Delay(CleanupPause, clock, stop.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return why;
    }

    private static ContainerStart StartOf(V1Job job, V1Pod? pod)
    {
        if (job.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "Failed" or "FailureTarget", Status: "True" }) is { } failed)
        {
            return ContainerStart.Never($"the Job failed{ContainerStart.Words(failed.Reason, failed.Message)}{OfPod(pod)}");
        }

        if (job.Metadata.DeletionTimestamp is not null)
        {
            return ContainerStart.Never("somebody deleted the Job");
        }

        if (pod is null)
        {
            return ContainerStart.NotYet("the Job has no pod, its events say why (Pod Security or a quota of the namespace may forbid it)");
        }

        return pod.Status?.Phase is "Failed" or "Succeeded"
            ? ContainerStart.Never($"it ended at once{OfPod(pod)}")
            : ContainerStart.Of(pod.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == SysdigJob.Container));
    }

    // A kubelet that rejects a pod says why in the status of the pod itself; no container has a status then.
    private static string OfPod(V1Pod? pod)
    {
        var ended = pod?.Status?.ContainerStatuses?.FirstOrDefault()?.State?.Terminated;
        return ContainerStart.Words(pod?.Status?.Reason, pod?.Status?.Message)
            + (ended is null ? "" : $": exit code {ended.ExitCode}{ContainerStart.Words(ended.Reason, ended.Message)}");
    }

    private async Task DeleteOwnAsync(NamespaceName namespaceName, KubeName name, string action, CallScope scope)
    {
        var read = await jobs.GetAsync(namespaceName, name, scope);
        if (read.TryGet(out var job, out _)
            && job.Metadata.Labels?.TryGetValue(ManagedBy.Label, out string? manager) == true && manager == ManagedBy.Talon
            && job.Metadata.Annotations?.TryGetValue(SysdigJob.ActionAnnotation, out string? owner) == true && owner == action)
        {
            await jobs.DeleteAsync(namespaceName, name, job.Metadata.Uid, scope);
        }
    }
}
