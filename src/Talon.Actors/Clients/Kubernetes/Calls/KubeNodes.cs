using k8s;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Nodes over the API.</summary>
internal sealed class KubeNodes(KubeCaller caller) : INodes
{
    public Task<KubeResult<V1Node>> GetAsync(KubeName name, CallScope scope) =>
        caller.CallAsync(
            $"read the node {name}",
            scope,
            (client, token) => client.CoreV1.ReadNodeAsync(name.Value, cancellationToken: token),
            node => node.Metadata?.Name == name.Value && !string.IsNullOrEmpty(node.Metadata.Uid));

    public Task<KubeResult<V1Node>> PatchMetadataAsync(KubeName name, MetadataChange change, CallScope scope) =>
        caller.CallAsync(
            $"patch the node {name}",
            scope,
            (client, token) => client.CoreV1.PatchNodeAsync(
                new V1Patch(change.ToMergePatch(), V1Patch.PatchType.MergePatch), name.Value, cancellationToken: token),
            node => node.Metadata?.Uid == change.Uid);
}
