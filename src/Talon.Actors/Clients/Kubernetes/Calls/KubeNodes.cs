using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

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

    public Task<KubeResult<V1Node>> CordonAsync(KubeName name, string uid, CallScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(uid);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = uid },
            ["spec"] = new JsonObject { ["unschedulable"] = true },
        };
        return caller.CallAsync(
            $"cordon the node {name}",
            scope,
            (client, token) => client.CoreV1.PatchNodeAsync(
                new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), name.Value, cancellationToken: token),
            node => node.Metadata?.Uid == uid && node.Spec?.Unschedulable == true);
    }
}
