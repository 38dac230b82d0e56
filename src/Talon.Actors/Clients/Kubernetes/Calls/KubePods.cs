using k8s;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Pods over the API.</summary>
internal sealed class KubePods(KubeCaller caller, PodFinder finder) : IPods
{
    public Task<KubeResult<V1Pod>> GetAsync(NamespaceName namespaceName, KubeName name, CallScope scope) =>
        caller.CallAsync(
            $"read the pod {namespaceName}/{name}",
            scope,
            (client, token) => client.CoreV1.ReadNamespacedPodAsync(name.Value, namespaceName.Value, cancellationToken: token),
            pod => pod.Metadata?.Name == name.Value && pod.Metadata.NamespaceProperty == namespaceName.Value && !string.IsNullOrEmpty(pod.Metadata.Uid));

    public Task<KubeResult<PodReference>> FindByContainerAsync(ContainerId container, KubeName? node, DateTimeOffset acceptedAt, CallScope scope) =>
        finder.FindAsync(container, node, acceptedAt, scope);

    public async Task<KubeResult<IReadOnlyList<V1Pod>>> ListAsync(NamespaceName namespaceName, LabelSelector selector, CallScope scope)
    {
        var pods = new List<V1Pod>();
        var end = await PodPages.ReadAsync(
            caller,
            new PodPages.Query(namespaceName, $"list the pods of {namespaceName} with {selector}", LabelSelector: selector.Value, MaxPages: 10),
            scope,
            page =>
            {
                pods.AddRange(page);
                return true;
            });
        return end is null ? pods : end;
    }

    public Task<KubeResult<V1Pod>> DeleteAsync(NamespaceName namespaceName, KubeName name, string uid, int? gracePeriod, CallScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(uid);
        return KubeCaller.ExplainAsync(
            caller.WriteAsync(
                namespaceName,
                $"delete the pod {namespaceName}/{name}",
                scope,
                (client, token) => client.CoreV1.DeleteNamespacedPodAsync(
                    name.Value,
                    namespaceName.Value,
                    new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid }, GracePeriodSeconds = gracePeriod },
                    cancellationToken: token),
                pod => pod.Metadata?.Uid == uid),
            () => GetAsync(namespaceName, name, scope),
            pod => pod.Metadata.Uid,
            uid);
    }

    public Task<KubeResult<V1Pod>> PatchMetadataAsync(NamespaceName namespaceName, KubeName name, MetadataChange change, CallScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(change.Uid);
        return caller.WriteAsync(
            namespaceName,
            $"patch the pod {namespaceName}/{name}",
            scope,
            (client, token) => client.CoreV1.PatchNamespacedPodAsync(
                new V1Patch(change.ToMergePatch(), V1Patch.PatchType.MergePatch), name.Value, namespaceName.Value, cancellationToken: token),
            pod => pod.Metadata?.Uid == change.Uid);
    }

    public async Task<KubeResult<IReadOnlyList<V1Pod>>> ListOnNodeAsync(KubeName node, CallScope scope)
    {
        var pods = new List<V1Pod>();
        var end = await PodPages.ReadAsync(
            caller,
            new PodPages.Query(null, $"list the pods of the node {node}", FieldSelector: $"spec.nodeName={node}", MaxPages: 10),
            scope,
            page =>
            {
                pods.AddRange(page);
                return true;
            });
        return end is null ? pods : end;
    }

    public Task<KubeResult<V1Eviction>> EvictAsync(NamespaceName namespaceName, KubeName name, string uid, CallScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(uid);
        var eviction = new V1Eviction
        {
            Metadata = new V1ObjectMeta { Name = name.Value, NamespaceProperty = namespaceName.Value },
            DeleteOptions = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } },
        };

        // The answer is a Status that the library reads as an Eviction.
        return KubeCaller.ExplainAsync(
            caller.WriteAsync(
                namespaceName,
                $"evict the pod {namespaceName}/{name}",
                scope,
                (client, token) => client.CoreV1.CreateNamespacedPodEvictionAsync(eviction, name.Value, namespaceName.Value, cancellationToken: token),
                answer => answer.Kind is "Status" or "Eviction"),
            () => GetAsync(namespaceName, name, scope),
            pod => pod.Metadata.Uid,
            uid);
    }

    public Task<KubeResult<V1Pod>> AddEphemeralContainerAsync(
        NamespaceName namespaceName, KubeName name, string uid, V1EphemeralContainer container, CallScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(uid);
        var patch = new
        {
            metadata = new { uid },
            spec = new { ephemeralContainers = new[] { container } },
        };
        return caller.WriteAsync(
            namespaceName,
            $"add an ephemeral container to the pod {namespaceName}/{name}",
            scope,
            (client, token) => client.CoreV1.PatchNamespacedPodEphemeralcontainersAsync(
                new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), name.Value, namespaceName.Value, cancellationToken: token),
            pod => pod.Metadata?.Uid == uid);
    }
}
