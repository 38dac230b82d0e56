using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// The Jobs that Talon makes for its own actions; alone of all writes they may be made in Talon's own namespace, in other protected
/// ones not. Every call asks the scope right before its request; expected failures are values.
/// </summary>
public interface IJobs
{
    /// <summary>Creates a Job. An error with <see cref="KubeError.AlreadyExists"/> says that there is one of its name.</summary>
    /// <param name="namespaceName">Its namespace.</param>
    /// <param name="job">The Job, with its name.</param>
    /// <param name="scope">The leave to call.</param>
    Task<KubeResult<V1Job>> CreateAsync(NamespaceName namespaceName, V1Job job, CallScope scope);

    /// <summary>Reads a Job.</summary>
    /// <param name="namespaceName">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="scope">The leave to call.</param>
    Task<KubeResult<V1Job>> GetAsync(NamespaceName namespaceName, KubeName name, CallScope scope);

    /// <summary>Deletes the Job if it still has that uid, and its pods in the background.</summary>
    /// <param name="namespaceName">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="uid">The uid it must have.</param>
    /// <param name="scope">The leave to call.</param>
    Task<KubeResult<V1Status>> DeleteAsync(NamespaceName namespaceName, KubeName name, string uid, CallScope scope);
}
