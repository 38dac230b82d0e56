using k8s;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Controllers of pods over the API.</summary>
internal sealed class KubePodControllers(KubeCaller caller) : IPodControllers
{
    public Task<KubeResult<PodController>> GetAsync(PodControllerKind kind, NamespaceName namespaceName, KubeName name, CallScope scope) =>
        caller.CallAsync(
            $"read the {kind} {namespaceName}/{name}",
            scope,
            async (client, token) => kind switch
            {
                PodControllerKind.ReplicaSet => From(
                    await client.AppsV1.ReadNamespacedReplicaSetAsync(name.Value, namespaceName.Value, cancellationToken: token), PodController.From),
                PodControllerKind.StatefulSet => From(
                    await client.AppsV1.ReadNamespacedStatefulSetAsync(name.Value, namespaceName.Value, cancellationToken: token), PodController.From),
                PodControllerKind.DaemonSet => From(
                    await client.AppsV1.ReadNamespacedDaemonSetAsync(name.Value, namespaceName.Value, cancellationToken: token), PodController.From),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind of controller"),
            },
            controller => controller.Name == name.Value && controller.Uid.Length > 0);

    // KubeCaller reports a null body as an answer that is not whole.
    private static PodController From<T>(T? set, Func<T, PodController> from)
        where T : class => set is null ? null! : from(set);
}
