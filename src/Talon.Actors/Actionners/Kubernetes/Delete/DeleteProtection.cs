using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Actionners.Kubernetes.Delete;

/// <summary>
/// What is never deleted: anything in a protected namespace and that namespace itself, the cluster roles and bindings of Kubernetes
/// itself, and what Talon is made of.
/// </summary>
internal sealed class DeleteProtection(ProtectedNamespaces protectedNamespaces)
{
    // As the manifests of Talon, and the charts of the original, label everything of theirs. The policies that Talon writes carry
    // neither of the two labels.
    private static readonly string[] OwnLabels = ["app.kubernetes.io/name", "app.kubernetes.io/part-of"];
    private static readonly string[] OwnValues = ["talon", "falco-talon"];

    /// <summary>Why the object of that address may not be deleted; null when its address forbids nothing.</summary>
    public string? Refusal(ResourceAddress address)
    {
        if (address.Namespace is { } inside && protectedNamespaces.Contains(inside))
        {
            return protectedNamespaces.Reason(inside);
        }

        if (address.Type == ResourceTypes.Namespaces && NamespaceName.TryCreate(address.Name.Value, out var itself) && protectedNamespaces.Contains(itself))
        {
            return protectedNamespaces.Reason(itself);
        }

        bool clusterRights = address.Type == ResourceTypes.ClusterRoles || address.Type == ResourceTypes.ClusterRoleBindings;
        return clusterRights && (address.Name.Value == "cluster-admin" || address.Name.Value.StartsWith("system:", StringComparison.Ordinal))
            ? $"the {address.Type.Kind} {address.Name} belongs to Kubernetes itself and is protected"
            : null;
    }

    /// <summary>Why the object may not be deleted, from the object itself; null when it may.</summary>
    public static string? Refusal(ResourceAddress address, JsonObject read)
    {
        var labels = read.TextsAt("metadata", "labels");
        return OwnLabels.Any(key => labels.TryGetValue(key, out string? value) && OwnValues.Contains(value, StringComparer.Ordinal))
            ? $"the {address.Type.Kind} {address.Name} is part of Talon and protected"
            : null;
    }
}
