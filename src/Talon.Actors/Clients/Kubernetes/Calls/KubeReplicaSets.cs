using k8s;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>ReplicaSets over the API.</summary>
internal sealed class KubeReplicaSets(KubeCaller caller) : IReplicaSets
{
    public Task<KubeResult<V1ReplicaSet>> GetAsync(NamespaceName namespaceName, KubeName name, CallScope scope) =>
        caller.CallAsync(
            $"read the ReplicaSet {namespaceName}/{name}",
            scope,
            (client, token) => client.AppsV1.ReadNamespacedReplicaSetAsync(name.Value, namespaceName.Value, cancellationToken: token),
            set => set.Metadata?.Name == name.Value && !string.IsNullOrEmpty(set.Metadata.Uid));
}
