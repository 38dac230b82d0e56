using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What Talon does with nodes. Every call asks the scope right before its request; expected failures are values.</summary>
internal interface INodes
{
    Task<KubeResult<V1Node>> GetAsync(KubeName name, CallScope scope);

    /// <summary>Changes labels or annotations of the node if it still has the uid of the change.</summary>
    Task<KubeResult<V1Node>> PatchMetadataAsync(KubeName name, MetadataChange change, CallScope scope);

    /// <summary>Marks the node as unschedulable if it still has that uid.</summary>
    Task<KubeResult<V1Node>> CordonAsync(KubeName name, string uid, CallScope scope);
}
