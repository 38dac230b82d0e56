using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Targets;

/// <summary>Finds the pod of an event and verifies that it is the same pod. Only reads.</summary>
internal sealed class PodResolver(IPods pods, ProtectedNamespaces protectedNamespaces, TimeProvider clock) : IEventPods
{
    /// <summary>The exclusion key of the pod an event is about; null when the event names none in a usable way.</summary>
    public static string? Key(FalcoEvent falcoEvent)
    {
        if (NamespaceName.TryCreate(falcoEvent.Namespace, out var namespaceName) && KubeName.TryCreate(falcoEvent.PodName, out var name))
        {
            return $"pod/{namespaceName}/{name}";
        }

        return ContainerId.TryCreate(falcoEvent.ContainerId, out var id) ? $"container/{id}" : null;
    }

    public async Task<PodTarget> ResolveAsync(ActionRequest request, CallScope scope, PodUse use = PodUse.Changed)
    {
        string? uid = null;
        NamespaceName? namespaceName;
        KubeName? name;
        if (request.EarlierTarget is { Kind: "Pod" } earlier)
        {
            uid = earlier.Uid;
            if (!NamespaceName.TryCreate(earlier.Namespace, out namespaceName) || !KubeName.TryCreate(earlier.Name, out name))
            {
                throw new InvalidOperationException($"the journalled target {earlier} is not a pod");
            }
        }
        else
        {
            var (named, stop) = await FromEventAsync(request, scope);
            if (named is null)
            {
                return stop!;
            }

            (namespaceName, name, uid) = (named.Namespace, named.Name, named.Uid);
        }

        var objects = KubeOutcomes.PodObjects(namespaceName, name);
        if (use == PodUse.Changed && protectedNamespaces.Contains(namespaceName))
        {
            return new PodTarget.Stopped(new ActionOutcome.Ignored(protectedNamespaces.Reason(namespaceName), objects));
        }

        var answer = await pods.GetAsync(namespaceName, name, scope);
        if (!answer.TryGet(out var pod, out var error))
        {
            return error.Kind == FailureKind.NotFound
                ? new PodTarget.Gone(namespaceName, name)
                : new PodTarget.Stopped(KubeOutcomes.From(error, objects));
        }

        if (uid is not null && uid != pod.Metadata.Uid)
        {
            return new PodTarget.Replaced(
                namespaceName, name, $"the pod now has the uid {pod.Metadata.Uid}; {PodIdentity.Times(request.Event, pod, request.AcceptedAt)}");
        }

        // A uid from our own journal was checked against the event before it was written there.
        var found = new PodTarget.Found(pod, namespaceName, name);
        return request.EarlierTarget is null ? Judge(request, found, scope) : found;
    }

    /// <summary>
    /// For actions that work in the container of the event: why the pod may not show it yet. Null when it does, or when there is nothing
    /// to wait for.
    /// </summary>
    public string? MissingContainer(ActionRequest request, V1Pod pod) =>
        PodIdentity.MissingContainer(request.Event, pod, request.AcceptedAt, clock.GetUtcNow());

    /// <inheritdoc/>
    public async Task<EventPod> FindAsync(ActionRequest request, CallScope scope) => await ResolveAsync(request, scope, PodUse.Read) switch
    {
        PodTarget.Found found => new EventPod.Found(found.Pod),
        PodTarget.Gone gone => new EventPod.Stopped(gone.Outcome),
        PodTarget.Replaced replaced => new EventPod.Stopped(replaced.Outcome),
        PodTarget.NotYet notYet => new EventPod.NotYet(notYet.Reason),
        PodTarget.Stopped stopped => new EventPod.Stopped(stopped.Outcome),
        var other => throw new InvalidOperationException($"unexpected pod target: {other}"),
    };

    private PodTarget Judge(ActionRequest request, PodTarget.Found found, CallScope scope)
    {
        switch (PodIdentity.Decide(request.Event, found.Pod, request.AcceptedAt, clock.GetUtcNow()))
        {
            case PodIdentity.Same same:
                scope.Say(same.Remark);
                return found;
            case PodIdentity.Replaced replaced:
                return new PodTarget.Replaced(found.Namespace, found.Name, replaced.Reason);
            case PodIdentity.NotYet notYet:
                return new PodTarget.NotYet(notYet.Reason);
            case var other:
                throw new InvalidOperationException($"unexpected identity: {other}");
        }
    }

    private async Task<(Named? Found, PodTarget? Stop)> FromEventAsync(ActionRequest request, CallScope scope)
    {
        var falcoEvent = request.Event;
        if (falcoEvent.PodName is { } podText && falcoEvent.Namespace is { } namespaceText)
        {
            return FromNames(falcoEvent, podText, namespaceText);
        }

        string missing = falcoEvent.PodName is null ? "pod name" : "namespace";
        if (falcoEvent.Source == "k8s_audit" || falcoEvent.ContainerId is null)
        {
            return (null, Invalid($"the event carries no {missing} and no container id"));
        }

        if (!ContainerId.TryCreate(falcoEvent.ContainerId, out var id))
        {
            return (null, Invalid($"the event carries no {missing}, and its container id is not one"));
        }

        KubeName.TryCreate(falcoEvent.Hostname, out var node);
        var answer = await pods.FindByContainerAsync(id, node, request.AcceptedAt, scope);
        if (!answer.TryGet(out var pod, out var error))
        {
            return (null, error.NotYet ? new PodTarget.NotYet(error.Message) : new PodTarget.Stopped(KubeOutcomes.From(error, KubeOutcomes.NoObjects)));
        }

        return NamespaceName.TryCreate(pod.Namespace, out var namespaceName) && KubeName.TryCreate(pod.Name, out var name)
            ? (new Named(namespaceName, name, pod.Uid), null)
            : (null, new PodTarget.Stopped(
                new ActionOutcome.Failed(FailureKind.ServerError, "the API server listed a pod without a name", KubeOutcomes.NoObjects)));
    }

    private static PodTarget.Stopped Invalid(string reason) => new(KubeOutcomes.Invalid(reason));

    private static (Named? Found, PodTarget? Stop) FromNames(FalcoEvent falcoEvent, string podText, string namespaceText)
    {
        // ka.target.name is the name of the object of the API call, pod or not.
        if (!falcoEvent.NamesPod && falcoEvent.TargetResource is { } resource && resource != "pods")
        {
            return (null, Invalid($"the event is about {OneLine.From(resource)}, not about a pod"));
        }

        if (!NamespaceName.TryCreate(namespaceText, out var namespaceName))
        {
            return (null, Invalid($"the event's namespace is not a valid name: '{OneLine.From(namespaceText)}'"));
        }

        return KubeName.TryCreate(podText, out var name)
            ? (new Named(namespaceName, name, null), null)
            : (null, Invalid($"the event's pod name is not a valid name: '{OneLine.From(podText)}'"));
    }

    private sealed record Named(NamespaceName Namespace, KubeName Name, string? Uid);
}
