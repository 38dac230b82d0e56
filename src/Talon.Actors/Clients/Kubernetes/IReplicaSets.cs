using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What Talon does with ReplicaSets. Every call asks the scope right before its request; expected failures are values.</summary>
public interface IReplicaSets
{
    /// <summary>Reads a ReplicaSet.</summary>
    /// <param name="namespaceName">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="scope">The leave to call.</param>
    Task<KubeResult<V1ReplicaSet>> GetAsync(NamespaceName namespaceName, KubeName name, CallScope scope);
}
