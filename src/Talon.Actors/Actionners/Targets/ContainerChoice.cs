using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Targets;

/// <summary>
/// Chooses the container of a pod that an action works in: the one the rule names, else the one the event names by
/// <c>container.id</c> or <c>container.name</c>, else that of the annotation <c>kubectl.kubernetes.io/default-container</c>, else
/// the first.
/// </summary>
internal static class ContainerChoice
{
    private const string DefaultContainer = "kubectl.kubernetes.io/default-container";

    /// <summary>The name of the container, always one that the pod has; null and the problem when there is none.</summary>
    public static (string? Container, string? Problem) Choose(FalcoEvent falcoEvent, V1Pod pod, string? asked)
    {
        string[] names = [.. Names(pod)];
        if (asked is not null)
        {
            return names.Contains(asked, StringComparer.Ordinal)
                ? (asked, null)
                : (null, $"the pod has no container '{OneLine.From(asked)}'; it has {string.Join(", ", names.Select(OneLine.From))}");
        }

        string? chosen = OfEvent(falcoEvent, pod, names) ?? OfAnnotation(pod, names) ?? pod.Spec?.Containers?.FirstOrDefault()?.Name;
        return (chosen, chosen is null ? "the pod has no container" : null);
    }

    private static IEnumerable<string> Names(V1Pod pod) =>
        (pod.Spec?.Containers ?? []).Select(container => container.Name)
            .Concat((pod.Spec?.InitContainers ?? []).Select(container => container.Name))
            .Concat((pod.Spec?.EphemeralContainers ?? []).Select(container => container.Name));

    private static string? OfEvent(FalcoEvent falcoEvent, V1Pod pod, string[] names)
    {
        if (ContainerId.TryCreate(falcoEvent.ContainerId, out var id) && ContainerStatuses.NameOf(pod, id) is { } known)
        {
            return known;
        }

        return falcoEvent.OutputFields.GetText("container.name") is { } name && names.Contains(name, StringComparer.Ordinal) ? name : null;
    }

    private static string? OfAnnotation(V1Pod pod, string[] names) =>
        pod.Metadata?.Annotations?.TryGetValue(DefaultContainer, out string? name) == true && names.Contains(name, StringComparer.Ordinal) ? name : null;
}
