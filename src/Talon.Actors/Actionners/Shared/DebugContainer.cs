using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Shared;

/// <summary>
/// Adds an ephemeral container to a pod and waits until it runs. It sleeps, so that a command can be run in it, and ends by itself.
/// Kubernetes never takes it out of the pod's specification again, hence the limit a pod; and it allows no resource limits for it.
/// </summary>
internal sealed class DebugContainer(IPods pods, KeyedLocks locks, TimeProvider clock)
{
    /// <summary>How many of Talon's containers a pod may have, ended ones included.</summary>
    public const int MostInAPod = 5;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <param name="Name">Its name; while the pod has one of that name, a number is put behind it.</param>
    /// <param name="Image">Its image.</param>
    /// <param name="Target">The container whose processes it sees.</param>
    /// <param name="Lifetime">How long it sleeps.</param>
    /// <param name="Wait">How long it may take to run.</param>
    /// <param name="Security">Its rights.</param>
    public sealed record Wish(string Name, string Image, string Target, TimeSpan Lifetime, TimeSpan Wait, V1SecurityContext Security);

    /// <summary>The name of the container, which runs; or null and how the action ends.</summary>
    public async Task<(string? Container, ActionOutcome? End)> StartAsync(
        NamespaceName namespaceName, KubeName pod, string uid, Wish wish, CallScope scope)
    {
        var objects = KubeOutcomes.PodObjects(namespaceName, pod);
        var (container, end) = await AddAsync(namespaceName, pod, uid, wish, objects, scope);
        return container is null ? (null, end) : await WaitAsync(namespaceName, pod, uid, container, wish, objects, scope);
    }

    /// <summary>How many containers of Talon the pod has.</summary>
    public static int CountIn(V1Pod pod) =>
        pod.Spec?.EphemeralContainers?.Count(container => container.Name.StartsWith(ActionNames.Prefix, StringComparison.Ordinal)) ?? 0;

    /// <summary>Why no container can be added to the pod; null when one can.</summary>
    public static string? Obstacle(V1Pod pod) => pod switch
    {
        { Metadata.DeletionTimestamp: not null } => "the pod is terminating: no container starts in it any more",
        { Status.Phase: not "Running" } => $"the pod does not run, its phase is {OneLine.From(pod.Status?.Phase)}: no container starts in it",
        _ when CountIn(pod) >= MostInAPod =>
            $"the pod has {MostInAPod} ephemeral containers of Talon already, which Kubernetes cannot remove: replace the pod before the next capture",
        _ => null,
    };

    private static ActionOutcome.Failed Failed(string reason, ImmutableSortedDictionary<string, string> objects) => new(FailureKind.Rejected, reason, objects);

    private async Task<(string? Container, ActionOutcome? End)> AddAsync(
        NamespaceName namespaceName, KubeName pod, string uid, Wish wish, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        IDisposable held;
        try
        {
            held = await locks.AcquireAsync(uid, scope.Token);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return (null, new ActionOutcome.Failed(FailureKind.NotSent, "no turn to add a container to the pod before the deadline", objects));
        }

        using (held)
        {
            var read = await pods.GetAsync(namespaceName, pod, scope);
            if (!read.TryGet(out var now, out var readError))
            {
                return (null, KubeOutcomes.From(readError, objects));
            }

            if (now.Metadata.Uid != uid)
            {
                return (null, new ActionOutcome.Ignored("pod was replaced since the event", objects));
            }

            if (Obstacle(now) is { } obstacle)
            {
                return (null, Failed(obstacle, objects));
            }

            string name = FreeName(now, wish.Name);
            var patched = await pods.AddEphemeralContainerAsync(namespaceName, pod, uid, Container(name, wish), scope);
            return patched.TryGet(out _, out var error)
                ? (name, null)
                : (null, error.Replaced ? new ActionOutcome.Ignored("pod was replaced since the event", objects) : KubeOutcomes.From(error, objects));
        }
    }

    private static string FreeName(V1Pod pod, string name)
    {
        var taken = pod.Spec.EphemeralContainers?.Select(container => container.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        return Enumerable.Range(1, MostInAPod).Select(number => number == 1 ? name : $"{name}-{number}").First(free => !taken.Contains(free));
    }

    private static V1EphemeralContainer Container(string name, Wish wish) => new()
    {
        Name = name,
        Image = wish.Image,
        ImagePullPolicy = "IfNotPresent",
        Command = ["sleep", ((int)wish.Lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture)],
        TargetContainerName = wish.Target,
        SecurityContext = wish.Security,
        TerminationMessagePolicy = "File",
    };

    private async Task<(string? Container, ActionOutcome? End)> WaitAsync(
        NamespaceName namespaceName,
        KubeName pod,
        string uid,
        string container,
        Wish wish,
        ImmutableSortedDictionary<string, string> objects,
        CallScope scope)
    {
        string what = $"the ephemeral container {container} in the pod {namespaceName}/{pod}";
        string waiting = "";
        long start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < wish.Wait)
        {
            var read = await pods.GetAsync(namespaceName, pod, scope);
            if (!read.TryGet(out var now, out var error))
            {
                if (error.Kind is FailureKind.NotFound or FailureKind.Forbidden or FailureKind.Unauthorized or FailureKind.NotSent)
                {
                    return (null, Failed($"{what} was added, but then the pod could not be read: {error.Message}", objects));
                }

                waiting = $": {error.Message}";
            }
            else if (now.Metadata.Uid != uid)
            {
                return (null, Failed($"the pod was replaced while {what} was to start", objects));
            }
            else
            {
                var state = ContainerStart.Of(now.Status?.EphemeralContainerStatuses?.FirstOrDefault(status => status.Name == container));
                if (state.Running)
                {
                    return (container, null);
                }

                string? problem = state.Problem ?? (now.Status?.Phase is "Succeeded" or "Failed" ? "the pod has ended" : null);
                if (problem is not null)
                {
                    return (null, Failed($"{what} does not run: {problem}", objects));
                }

                waiting = state.Waiting;
            }

            try
            {
                await Task.Delay(Look, clock, scope.Token);
            }
            catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
            {
                return (null, new ActionOutcome.Failed(FailureKind.Timeout, $"{what} did not run before the deadline{waiting}", objects));
            }
        }

        return (null, Failed($"{what} did not run within {wish.Wait.TotalSeconds:0} s (image_wait){waiting}", objects));
    }
}
