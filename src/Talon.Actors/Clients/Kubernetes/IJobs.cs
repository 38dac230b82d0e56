using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// The Jobs that Talon makes for its own actions. They are the only objects that Talon may write in its own namespace; other
/// protected namespaces stay closed to them as well. Every call asks the scope right before its request; expected failures are values.
/// </summary>
internal interface IJobs
{
    /// <summary>Creates a Job. An error with <see cref="KubeError.AlreadyExists"/> says that the name is taken.</summary>
    Task<KubeResult<V1Job>> CreateAsync(NamespaceName namespaceName, V1Job job, CallScope scope);

    Task<KubeResult<V1Job>> GetAsync(NamespaceName namespaceName, KubeName name, CallScope scope);

    /// <summary>Deletes the Job if it still has that uid, and its pods in the background.</summary>
    Task<KubeResult<V1Status>> DeleteAsync(NamespaceName namespaceName, KubeName name, string uid, CallScope scope);
}
