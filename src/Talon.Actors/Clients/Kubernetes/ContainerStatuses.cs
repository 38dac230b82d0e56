using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Finds container ids in a pod's status.</summary>
internal static class ContainerStatuses
{
    /// <summary>Whether any container of the pod, of any kind, running now or the time before, has that id.</summary>
    public static bool Have(V1Pod pod, ContainerId id) => Ids(pod).Any(id.IsPrefixOf);

    private static IEnumerable<string?> Ids(V1Pod pod)
    {
        IEnumerable<V1ContainerStatus> all =
        [
            .. pod.Status?.ContainerStatuses ?? [],
            .. pod.Status?.InitContainerStatuses ?? [],
            .. pod.Status?.EphemeralContainerStatuses ?? [],
        ];
        foreach (var status in all)
        {
            yield return status.ContainerID;
            yield return status.State?.Terminated?.ContainerID;
            yield return status.LastState?.Terminated?.ContainerID;
        }
    }
}
