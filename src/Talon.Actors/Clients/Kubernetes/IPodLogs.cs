using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>The logs of containers.</summary>
internal interface IPodLogs
{
    /// <summary>
    /// Reads lines of one container. The API takes no uid here: the caller reads the pod right before. The whole answer is held in
    /// memory, so its size is part of the question.
    /// </summary>
    Task<KubeResult<byte[]>> ReadAsync(NamespaceName namespaceName, KubeName pod, LogQuery query, CallScope scope);
}
