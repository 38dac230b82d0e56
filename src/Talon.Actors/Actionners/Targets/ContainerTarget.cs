using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Targets;

/// <summary>
/// Finds the pod and container to work in, once to prepare and once more right before the call, since neither exec nor log takes a
/// uid. Only reads.
/// </summary>
internal sealed class ContainerTarget(IPods pods, PodResolver resolver)
{
    /// <summary>The pod of the event, just read.</summary>
    public sealed record Entered(V1Pod Pod, NamespaceName Namespace, KubeName Name)
    {
        public ImmutableSortedDictionary<string, string> Objects => KubeOutcomes.PodObjects(Namespace, Name);

        public TargetRef Reference => new("Pod", Namespace.Value, Name.Value, Pod.Metadata.Uid);
    }

    /// <summary>
    /// The pod of the event, once its status shows the container of the event or never will. Null, and how the preparation ends, when
    /// there is no pod to work in.
    /// </summary>
    public async Task<(Entered? Entered, Preparation? Stop)> FindAsync(ActionRequest request, CallScope scope, PodUse use)
    {
        var target = await resolver.ResolveAsync(request, scope, use);
        if (target is not PodTarget.Found found)
        {
            return (null, target.End);
        }

        // A uid in the event identifies the pod at once, but not the container.
        return resolver.MissingContainer(request, found.Pod) is { } missing
            ? (null, new Preparation.Later(missing))
            : (new Entered(found.Pod, found.Namespace, found.Name), null);
    }

    /// <summary>Reads the prepared pod again. Null, and how the action ends, when it is no longer the one that was journalled.</summary>
    public async Task<(Entered? Entered, ActionOutcome? End)> AgainAsync(Preparation.Ready ready, CallScope scope)
    {
        if (ready.Target is not { Kind: "Pod" } target
            || !NamespaceName.TryCreate(target.Namespace, out var namespaceName) || !KubeName.TryCreate(target.Name, out var name))
        {
            throw new InvalidOperationException("the action was prepared without a pod");
        }

        var answer = await pods.GetAsync(namespaceName, name, scope);
        if (!answer.TryGet(out var pod, out var error))
        {
            return (null, error.Kind == FailureKind.NotFound ? new PodTarget.Gone(namespaceName, name).Outcome : KubeOutcomes.Unwritten(error, ready.Objects));
        }

        return pod.Metadata.Uid == target.Uid
            ? (new Entered(pod, namespaceName, name), null)
            : (null, new ActionOutcome.Ignored($"pod was replaced since the event: the pod now has the uid {pod.Metadata.Uid}, created at {pod.Metadata.CreationTimestamp:yyyy-MM-dd'T'HH:mm:ss'Z'}", ready.Objects));
    }

    /// <summary>The container to run something in. Null, and how the action ends, when there is none or it does not run.</summary>
    public static (string? Container, ActionOutcome? End) Running(ActionRequest request, Entered entered, string? asked)
    {
        var (container, problem) = ContainerChoice.Choose(request.Event, entered.Pod, asked);
        if (container is null)
        {
            return (null, new ActionOutcome.Failed(FailureKind.NotFound, problem!, entered.Objects));
        }

        var state = ContainerStatuses.Of(entered.Pod, container)?.State;
        return state?.Running is not null
            ? (container, null)
            : (null, new ActionOutcome.Failed(
                FailureKind.Rejected,
                $"the container {OneLine.From(container)} of the pod {entered.Name} in the namespace {entered.Namespace} is not running: {Describe(entered.Pod, state)}",
                entered.Objects));
    }

    private static string Describe(V1Pod pod, V1ContainerState? state) => state switch
    {
        { Terminated: { } ended } => $"it ended with exit code {ended.ExitCode}",
        { Waiting.Reason: { Length: > 0 } reason } => $"it waits ({OneLine.From(reason)})",
        _ => $"the pod is {OneLine.From(pod.Status?.Phase ?? "in no phase")}",
    };
}
