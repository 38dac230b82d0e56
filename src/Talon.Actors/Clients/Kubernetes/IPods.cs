using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What Talon does with pods. Every call asks the scope right before its request; expected failures are values.</summary>
internal interface IPods
{
    Task<KubeResult<V1Pod>> GetAsync(NamespaceName namespaceName, KubeName name, CallScope scope);

    /// <summary>
    /// Looks up the pod that has a container of that id, first among the pods of the node, then among all. One look-up answers all ids
    /// that wait for it, and there are two a second at most: an error with <see cref="KubeError.NotYet"/> says to come again. A pod that
    /// was found is kept for 5 s, that there is none for 60 s. Not found is an error of kind <c>NotFound</c>; more than 500 ids that
    /// wait are one of kind <c>Throttled</c>.
    /// </summary>
    /// <param name="container">The id, or the beginning of it.</param>
    /// <param name="node">The node it probably runs on; null when unknown.</param>
    /// <param name="acceptedAt">
    /// When Talon accepted the event that asks. An id that was not found before it is looked for once more; for
    /// <see cref="PodIdentity.Patience"/> after it, the id may be one that its kubelet has not reported yet.
    /// </param>
    Task<KubeResult<PodReference>> FindByContainerAsync(ContainerId container, KubeName? node, DateTimeOffset acceptedAt, CallScope scope);

    /// <summary>Lists the pods of a namespace that a selector selects; at most 5,000, more are an error.</summary>
    Task<KubeResult<IReadOnlyList<V1Pod>>> ListAsync(NamespaceName namespaceName, LabelSelector selector, CallScope scope);

    /// <summary>
    /// Deletes the pod if it still has that uid. An error with <see cref="KubeError.Replaced"/> says that a pod with another uid
    /// has the name; one with <see cref="KubeError.ProtectedNamespace"/> that nothing was sent.
    /// </summary>
    /// <param name="gracePeriod">How long its processes may take to end, in seconds; null leaves the pod's own period.</param>
    Task<KubeResult<V1Pod>> DeleteAsync(NamespaceName namespaceName, KubeName name, string uid, int? gracePeriod, CallScope scope);

    /// <summary>Changes labels or annotations of the pod if it still has the uid of the change. Errors as with <see cref="DeleteAsync"/>.</summary>
    Task<KubeResult<V1Pod>> PatchMetadataAsync(NamespaceName namespaceName, KubeName name, MetadataChange change, CallScope scope);

    /// <summary>Lists the pods that are bound to a node, in whatever phase; at most 5,000, more are an error.</summary>
    Task<KubeResult<IReadOnlyList<V1Pod>>> ListOnNodeAsync(KubeName node, CallScope scope);

    /// <summary>
    /// Asks for the eviction of the pod if it still has that uid. Errors as with <see cref="DeleteAsync"/>; one with
    /// <see cref="KubeError.DisruptionBudget"/> says that a budget allows no disruption now.
    /// </summary>
    Task<KubeResult<V1Eviction>> EvictAsync(NamespaceName namespaceName, KubeName name, string uid, CallScope scope);

    /// <summary>Adds an ephemeral container to the pod if it still has that uid. Errors as with <see cref="DeleteAsync"/>.</summary>
    /// <param name="container">The container; its name must be new in the pod.</param>
    Task<KubeResult<V1Pod>> AddEphemeralContainerAsync(
        NamespaceName namespaceName, KubeName name, string uid, V1EphemeralContainer container, CallScope scope);
}
