using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Shared;

/// <summary>Finds the pod of an event and makes sure that it is that pod. Only reads.</summary>
internal sealed class PodResolver(IPods pods, ProtectedNamespaces protectedNamespaces) : IEventPods
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
                throw new InvalidOperationException($"the journalled target {earlier} is no pod");
            }
        }
        else
        {
            var (found, stop) = await FromEventAsync(request.Event, scope);
            if (stop is not null)
            {
                return new PodTarget.Stopped(stop);
            }

            (namespaceName, name, uid) = (found!.Namespace, found.Name, found.Uid);
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
            return new PodTarget.Replaced(namespaceName, name, $"the pod now has the uid {pod.Metadata.Uid}");
        }

        // A uid from our own journal was held against the event when it was written there.
        return request.EarlierTarget is null && PodIdentity.Decide(request.Event, pod, request.AcceptedAt) is PodIdentity.Replaced replaced
            ? new PodTarget.Replaced(namespaceName, name, replaced.Reason)
            : new PodTarget.Found(pod, namespaceName, name);
    }

    /// <inheritdoc/>
    public async Task<(V1Pod? Pod, ActionOutcome? Stop)> FindAsync(ActionRequest request, CallScope scope)
    {
        var target = await ResolveAsync(request, scope, PodUse.Read);
        return ((target as PodTarget.Found)?.Pod, target.End);
    }

    private async Task<(Named? Found, ActionOutcome? Stop)> FromEventAsync(FalcoEvent falcoEvent, CallScope scope)
    {
        if (falcoEvent.PodName is { } podText && falcoEvent.Namespace is { } namespaceText)
        {
            return FromNames(falcoEvent, podText, namespaceText);
        }

        string missing = falcoEvent.PodName is null ? "pod name" : "namespace";
        if (falcoEvent.Source == "k8s_audit" || falcoEvent.ContainerId is null)
        {
            return (null, KubeOutcomes.Invalid($"the event carries no {missing} and no container id"));
        }

        if (!ContainerId.TryCreate(falcoEvent.ContainerId, out var id))
        {
            return (null, KubeOutcomes.Invalid($"the event carries no {missing}, and its container id is not one"));
        }

        KubeName.TryCreate(falcoEvent.Hostname, out var node);
        var answer = await pods.FindByContainerAsync(id, node, scope);
        if (!answer.TryGet(out var pod, out var error))
        {
            return (null, KubeOutcomes.From(error, KubeOutcomes.NoObjects));
        }

        return NamespaceName.TryCreate(pod.Metadata.NamespaceProperty, out var namespaceName) && KubeName.TryCreate(pod.Metadata.Name, out var name)
            ? (new Named(namespaceName, name, pod.Metadata.Uid), null)
            : (null, new ActionOutcome.Failed(FailureKind.ServerError, "the API server listed a pod without a name", KubeOutcomes.NoObjects));
    }

    private static (Named? Found, ActionOutcome? Stop) FromNames(FalcoEvent falcoEvent, string podText, string namespaceText)
    {
        // ka.target.name is the name of whatever the API call is about.
        if (podText == falcoEvent.TargetName && falcoEvent.TargetResource is { } resource && resource != "pods"
            && falcoEvent.OutputFields.GetText(WellKnownFields.PodName) != podText
            && falcoEvent.OutputFields.GetText(WellKnownFields.TargetPodName) != podText)
        {
            return (null, KubeOutcomes.Invalid($"the event is about {OneLine.From(resource)}, not about a pod"));
        }

        if (!NamespaceName.TryCreate(namespaceText, out var namespaceName))
        {
            return (null, KubeOutcomes.Invalid($"the event's namespace is not a valid name: '{OneLine.From(namespaceText)}'"));
        }

        return KubeName.TryCreate(podText, out var name)
            ? (new Named(namespaceName, name, null), null)
            : (null, KubeOutcomes.Invalid($"the event's pod name is not a valid name: '{OneLine.From(podText)}'"));
    }

    private sealed record Named(NamespaceName Namespace, KubeName Name, string? Uid);
}
