using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Cluster.Locks;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Captures.Tcpdump;

/// <summary>
/// Adds an ephemeral container to a pod and waits until it runs. It sleeps, so that a command can be run in it, and ends by itself.
/// Kubernetes never removes it from the spec of the pod, hence a limit for each pod, and allows no resource limits for it.
/// </summary>
internal sealed class DebugContainer(IPods pods, IClusterLocks clusterLocks, TimeProvider clock)
{
    /// <summary>How many of Talon's containers a pod may have, ended ones included.</summary>
    public const int MostInAPod = 5;

    /// <param name="Name">Its name; while a container of the pod has it, a number is appended.</param>
    /// <param name="Target">The container whose processes it sees; null for none.</param>
    /// <param name="Wait">How long it may take to start.</param>
    public sealed record Wish(string Name, string Image, string? Target, TimeSpan Lifetime, TimeSpan Wait, V1SecurityContext Security);

    /// <summary>Gives the name of the running container, or null and how the action ends.</summary>
    public async Task<(string? Container, ActionOutcome? End)> StartAsync(
        NamespaceName namespaceName, KubeName pod, string uid, Wish wish, CallScope scope)
    {
        var objects = KubeOutcomes.PodObjects(namespaceName, pod);
        var (container, end) = await AddAsync(namespaceName, pod, uid, wish, objects, scope);
        if (container is null)
        {
            return (null, end);
        }

        string what = $"the ephemeral container {container} in the pod {namespaceName}/{pod}";
        var wait = new ContainerWait(clock, wish.Wait, what, objects);
        end = await wait.RunAsync(async () => StartOf(await pods.GetAsync(namespaceName, pod, scope), uid, container), scope);
        return end is null ? (container, null) : (null, end);
    }

    /// <summary>How many containers of Talon the pod has.</summary>
    public static int CountIn(V1Pod pod) =>
        pod.Spec?.EphemeralContainers?.Count(container => container.Name.StartsWith(ActionNames.Prefix, StringComparison.Ordinal)) ?? 0;

    /// <summary>Why no container can be added to the pod; null when one can.</summary>
    public static string? Obstacle(V1Pod pod) => pod switch
    {
        { Metadata.DeletionTimestamp: not null } => "the pod is terminating: no container starts in it any more",
        { Status.Phase: "Succeeded" or "Failed" } => "the pod has ended: no container starts in it any more",
        _ when MirrorPods.Is(pod) => "the pod mirrors a static pod: Kubernetes adds no container to one",
        { Spec.NodeName: null or "" } => "the pod has no node yet: no container starts in it",
        _ when CountIn(pod) >= MostInAPod =>
            $"the pod has {MostInAPod} ephemeral containers of Talon already, which Kubernetes cannot remove: replace the pod before the next capture",
        _ => null,
    };

    private async Task<(string? Container, ActionOutcome? End)> AddAsync(
        NamespaceName namespaceName, KubeName pod, string uid, Wish wish, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        ILockHold held;
        try
        {
            held = await clusterLocks.AcquireAsync(uid, scope.Token);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return (null, new ActionOutcome.Failed(FailureKind.NotSent, "no turn to add a container to the pod before the deadline", objects));
        }

        using (held)
        {
            var turn = scope.While(() => held.IsHeld ? null : "its turn to add a container to the pod has run out", () => held.Left);
            var ((name, end, error), isCut) = await new ConflictRetry(clock).RunAsync(
                _ => TryAddAsync(namespaceName, pod, uid, wish, objects, turn), one => one.Error?.Modified == true, turn);
            return error is null ? (name, end)
                : (null, error.Replaced ? new ActionOutcome.Ignored("pod was replaced since the event", objects)
                    : KubeOutcomes.From(isCut ? error with { Kind = FailureKind.NotSent } : error, objects));
        }
    }

    private async Task<(string? Container, ActionOutcome? End, KubeError? Error)> TryAddAsync(
        NamespaceName namespaceName, KubeName pod, string uid, Wish wish, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        var read = await pods.GetAsync(namespaceName, pod, scope);
        if (!read.TryGet(out var now, out var readError))
        {
            return (null, KubeOutcomes.Unwritten(readError, objects), null);
        }

        if (now.Metadata.Uid != uid)
        {
            return (null, new ActionOutcome.Ignored($"pod was replaced since the event: the pod now has the uid {now.Metadata.Uid}", objects), null);
        }

        if (Obstacle(now) is { } obstacle)
        {
            return (null, new ActionOutcome.Failed(FailureKind.Rejected, obstacle, objects), null);
        }

        string name = FreeName(now, wish.Name);
        var patched = await pods.AddEphemeralContainerAsync(namespaceName, pod, uid, Container(name, wish), scope);
        return patched.TryGet(out _, out var error) ? (name, null, null) : (null, null, error);
    }

    // Always finds one: the pod has fewer of Talon's containers than there are names to try.
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
        Command = ["sleep", ((long)wish.Lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture)],
        TargetContainerName = wish.Target,
        SecurityContext = wish.Security,
        TerminationMessagePolicy = "File",
    };

    private static KubeResult<ContainerStart> StartOf(KubeResult<V1Pod> read, string uid, string container)
    {
        if (!read.TryGet(out var now, out var error))
        {
            return error;
        }

        if (now.Metadata.Uid != uid)
        {
            return ContainerStart.Never("the pod was replaced meanwhile");
        }

        var state = ContainerStart.Of(now.Status?.EphemeralContainerStatuses?.FirstOrDefault(status => status.Name == container));
        return state is { Running: false, Problem: null } && now.Status?.Phase is "Succeeded" or "Failed" ? ContainerStart.Never("the pod has ended") : state;
    }
}
