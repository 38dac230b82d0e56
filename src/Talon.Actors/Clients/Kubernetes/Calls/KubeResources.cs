using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Objects of any kind over the API. The client's calls for custom objects serve the built-in groups as well.</summary>
internal sealed class KubeResources(KubeCaller caller) : IResources
{
    private const int PageSize = 500;
    private const int MaxPages = 10;

    public Task<KubeResult<JsonObject>> GetAsync(ResourceAddress address, CallScope scope) => caller.CallAsync(
        $"read the {address}",
        scope,
        (client, token) => address.Namespace is { } inside
            ? client.CustomObjects.GetNamespacedCustomObjectAsync<JsonObject>(
                address.Type.Group, address.Type.Version, inside.Value, address.Type.Plural, address.Name.Value, token)
            : client.CustomObjects.GetClusterCustomObjectAsync<JsonObject>(
                address.Type.Group, address.Type.Version, address.Type.Plural, address.Name.Value, token),
        answer => IsObject(answer, address));

    public async Task<KubeResult<IReadOnlyList<JsonObject>>> ListAsync(ResourceType type, NamespaceName namespaceName, CallScope scope)
    {
        var all = new List<JsonObject>();
        string? next = null;
        for (int page = 0; page < MaxPages; page++)
        {
            string? from = next;
            var answer = await caller.CallAsync(
                $"list the {type.Plural} of {namespaceName}",
                scope,
                (client, token) => client.CustomObjects.ListNamespacedCustomObjectAsync<JsonObject>(
                    type.Group, type.Version, namespaceName.Value, type.Plural, limit: PageSize, continueParameter: from, cancellationToken: token),
                list => list.At("items") is JsonArray);
            if (!answer.TryGet(out var list, out var error))
            {
                // 410: the snapshot behind the token has expired. A repeat of the whole list works.
                return error.Code == 410 ? error with { Kind = FailureKind.ServerError } : error;
            }

            all.AddRange(list.ItemsAt("items").OfType<JsonObject>());
            next = list.TextAt("metadata", "continue");
            if (string.IsNullOrEmpty(next))
            {
                return all;
            }
        }

        return new KubeError(FailureKind.Rejected, $"did not list the {type.Plural} of {namespaceName} to the end: more than {MaxPages * PageSize}");
    }

    public Task<KubeResult<JsonObject>> CreateAsync(ResourceAddress address, JsonObject body, CallScope scope)
    {
        Name(body, address);
        return WriteAsync(
            address,
            $"create the {address}",
            scope,
            (client, token) => address.Namespace is { } inside
                ? client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonObject>(
                    body, address.Type.Group, address.Type.Version, inside.Value, address.Type.Plural, cancellationToken: token)
                : client.CustomObjects.CreateClusterCustomObjectAsync<JsonObject>(
                    body, address.Type.Group, address.Type.Version, address.Type.Plural, cancellationToken: token),
            answer => IsObject(answer, address));
    }

    public Task<KubeResult<JsonObject>> ReplaceAsync(ResourceAddress address, JsonObject body, CallScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(body.TextAt("metadata", "uid"));
        ArgumentException.ThrowIfNullOrEmpty(body.TextAt("metadata", "resourceVersion"));

        // Where a server shows an object under a longer name, that is not the one of the URL, and the two must be the same.
        Name(body, address);
        return WriteAsync(
            address,
            $"update the {address}",
            scope,
            (client, token) => address.Namespace is { } inside
                ? client.CustomObjects.ReplaceNamespacedCustomObjectAsync<JsonObject>(
                    body, address.Type.Group, address.Type.Version, inside.Value, address.Type.Plural, address.Name.Value, cancellationToken: token)
                : client.CustomObjects.ReplaceClusterCustomObjectAsync<JsonObject>(
                    body, address.Type.Group, address.Type.Version, address.Type.Plural, address.Name.Value, cancellationToken: token),
            answer => IsObject(answer, address));
    }

    public Task<KubeResult<JsonObject>> DeleteAsync(ResourceAddress address, string uid, CallScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(uid);

        // Without a policy of its own a kind may leave its pods behind as orphans.
        var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid }, PropagationPolicy = "Background" };
        return KubeCaller.ExplainAsync(
            WriteAsync(
                address,
                $"delete the {address}",
                scope,
                (client, token) => address.Namespace is { } inside
                    ? client.CustomObjects.DeleteNamespacedCustomObjectAsync<JsonObject>(
                        address.Type.Group, address.Type.Version, inside.Value, address.Type.Plural, address.Name.Value, options, cancellationToken: token)
                    : client.CustomObjects.DeleteClusterCustomObjectAsync<JsonObject>(
                        address.Type.Group, address.Type.Version, address.Type.Plural, address.Name.Value, options, cancellationToken: token),
                answer => IsDeleted(answer, uid)),
            () => GetAsync(address, scope),
            found => found.TextAt("metadata", "uid"),
            uid);
    }

    private static void Name(JsonObject body, ResourceAddress address)
    {
        body["apiVersion"] = address.Type.ApiVersion;
        body["kind"] = address.Type.Kind;
        var metadata = body.Map("metadata");
        metadata["name"] = address.Name.Value;
        if (address.Namespace is { } inside)
        {
            metadata["namespace"] = inside.Value;
        }
    }

    // Calico's API server puts the name of the tier in front of the name.
    private static bool IsObject(JsonObject answer, ResourceAddress address) =>
        !string.IsNullOrEmpty(answer.TextAt("metadata", "uid"))
        && answer.TextAt("metadata", "name") is { } name
        && (name == address.Name.Value || name == $"default.{address.Name}");

    // Some kinds answer with a Status, others with the object, whose end may wait for finalizers.
    private static bool IsDeleted(JsonObject answer, string uid) =>
        answer.TextAt("kind") == "Status" ? answer.TextAt("status") == "Success" : answer.TextAt("metadata", "uid") == uid;

    private Task<KubeResult<JsonObject>> WriteAsync(
        ResourceAddress address, string doing, CallScope scope, Func<IKubernetes, CancellationToken, Task<JsonObject>> call, Func<JsonObject, bool> isWhole)
    {
        var guarded = address.Namespace;
        if (address.Type == ResourceTypes.Namespaces && !NamespaceName.TryCreate(address.Name.Value, out guarded))
        {
            throw new ArgumentException($"{address.Name} is not the name of a namespace", nameof(address));
        }

        return guarded is null ? caller.CallAsync(doing, scope, call, isWhole) : caller.WriteAsync(guarded, doing, scope, call, isWhole);
    }
}
