using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What containers have printed.</summary>
public interface IPodLogs
{
    /// <summary>
    /// Reads lines of one container. The API takes no uid here: the caller reads the pod right before. The whole answer is held in
    /// memory, so its size is part of the question.
    /// </summary>
    /// <param name="namespaceName">The namespace of the pod.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="query">Which lines.</param>
    /// <param name="scope">The leave to call.</param>
    Task<KubeResult<byte[]>> ReadAsync(NamespaceName namespaceName, KubeName pod, LogQuery query, CallScope scope);
}
