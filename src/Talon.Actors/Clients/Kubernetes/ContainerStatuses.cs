using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Finds container ids in a pod's status.</summary>
internal static class ContainerStatuses
{
    /// <summary>Whether any container of the pod, of any kind, running now or the time before, has that id.</summary>
    public static bool Have(V1Pod pod, ContainerId id) => Find(pod, id) is not null;

    /// <summary>The name of the container that has that id, running now or the time before; null when none has.</summary>
    public static string? NameOf(V1Pod pod, ContainerId id) => Find(pod, id)?.Name;

    /// <summary>The status of the container of that name, of any kind; null when the pod's status has none.</summary>
    public static V1ContainerStatus? Of(V1Pod pod, string name) => All(pod).FirstOrDefault(status => status.Name == name);

    /// <summary>The ids of the containers of the pod, of any kind, as its status has them: <c>RUNTIME://ID</c>. Those that have none are left out.</summary>
    public static IEnumerable<string> IdsOf(V1Pod pod) => All(pod).Select(status => status.ContainerID).OfType<string>().Where(id => id.Length > 0);

    private static V1ContainerStatus? Find(V1Pod pod, ContainerId id) => All(pod).FirstOrDefault(status => Ids(status).Any(id.IsPrefixOf));

    /// <summary>The statuses of the containers of the pod, of any kind.</summary>
    public static IReadOnlyList<V1ContainerStatus> All(V1Pod pod) =>
    [
        .. pod.Status?.ContainerStatuses ?? [],
        .. pod.Status?.InitContainerStatuses ?? [],
        .. pod.Status?.EphemeralContainerStatuses ?? [],
    ];

    /// <summary>The ids that a status shows: of the container that runs or has ended, and of the one before it. May hold the same twice, and nulls.</summary>
    public static IEnumerable<string?> Ids(V1ContainerStatus status) =>
        [status.ContainerID, status.State?.Terminated?.ContainerID, status.LastState?.Terminated?.ContainerID];
}
