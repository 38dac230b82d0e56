using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What Talon does with the controllers of pods. Every call asks the scope right before its request; expected failures are values.</summary>
internal interface IPodControllers
{
    Task<KubeResult<PodController>> GetAsync(PodControllerKind kind, NamespaceName namespaceName, KubeName name, CallScope scope);
}
