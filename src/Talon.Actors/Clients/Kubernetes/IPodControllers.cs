using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What Talon does with the controllers of pods. Every call asks the scope right before its request; expected failures are values.</summary>
public interface IPodControllers
{
    /// <summary>Reads a controller.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="namespaceName">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="scope">The leave to call.</param>
    Task<KubeResult<PodController>> GetAsync(PodControllerKind kind, NamespaceName namespaceName, KubeName name, CallScope scope);
}
