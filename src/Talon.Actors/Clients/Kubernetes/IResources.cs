using System.Text.Json.Nodes;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// Objects of any kind, as the JSON the API server speaks: nothing that Talon does not know is lost between a read and a write.
/// Every call asks the scope right before its request; expected failures are values. A write into a protected namespace, or of the
/// Namespace object itself, is refused with <see cref="KubeError.ProtectedNamespace"/>.
/// </summary>
internal interface IResources
{
    Task<KubeResult<JsonObject>> GetAsync(ResourceAddress address, CallScope scope);

    /// <summary>Lists the objects of a kind in a namespace; at most 5,000, more are an error.</summary>
    /// <param name="type">The kind; one that lives in namespaces.</param>
    Task<KubeResult<IReadOnlyList<JsonObject>>> ListAsync(ResourceType type, NamespaceName namespaceName, CallScope scope);

    /// <summary>Creates an object. An error with <see cref="KubeError.AlreadyExists"/> says that the name is taken.</summary>
    /// <param name="body">The object; kind, name and namespace are written into it.</param>
    Task<KubeResult<JsonObject>> CreateAsync(ResourceAddress address, JsonObject body, CallScope scope);

    /// <summary>
    /// Puts an object in the place of the one that was read. It must still carry the uid and the resourceVersion of that read:
    /// what changed meanwhile is an error of kind <see cref="Rules.Outcomes.FailureKind.Conflict"/>.
    /// </summary>
    Task<KubeResult<JsonObject>> ReplaceAsync(ResourceAddress address, JsonObject body, CallScope scope);

    /// <summary>
    /// Deletes the object if it still has that uid, and in the background what it owns. An error with
    /// <see cref="KubeError.Replaced"/> says that an object with another uid has the name.
    /// </summary>
    Task<KubeResult<JsonObject>> DeleteAsync(ResourceAddress address, string uid, CallScope scope);
}
