using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Actionners.Removal.Delete;

/// <summary>
/// What is never deleted: anything in a protected namespace and that namespace itself, and the cluster roles and bindings that
/// Kubernetes and Talon depend on. Labels and the form of a name do not count, because whoever makes an object chooses them: a binding
/// counts by its subjects, and a name only where it is taken from the first start of the cluster on.
/// </summary>
internal sealed class DeleteProtection(ProtectedNamespaces protectedNamespaces)
{
    private const string System = "system:";
    private const string KubeSystem = "kube-system";

    // The name of Talon's role in the manifests and in "talon rbac print": where Talon has the name, nobody else can.
    private const string OwnName = "falco-talon";

    // A role with such a label gives its rights to everybody who has admin, edit or view, without a binding.
    private const string AggregateTo = "rbac.authorization.k8s.io/aggregate-to-";

    // The API server makes these at its first start.
    private static readonly ImmutableHashSet<string> Roles =
    [
        "cluster-admin", "admin", "edit", "view", "system:aggregate-to-admin", "system:aggregate-to-edit", "system:aggregate-to-view",
    ];

    private static readonly ImmutableHashSet<string> Bindings = ["cluster-admin", "system:basic-user", "system:discovery", "system:public-info-viewer"];

    // Only the control plane has certificates with these names.
    private static readonly ImmutableHashSet<string> ControlPlane =
    [
        "system:kube-controller-manager", "system:kube-scheduler", "system:kube-proxy", "system:masters", "system:monitoring",
    ];

    /// <summary>Why an object with that address may not be deleted; null when the address does not forbid it.</summary>
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

        string name = address.Name.Value;
        return (address.Type == ResourceTypes.ClusterRoles && Roles.Contains(name)) || (address.Type == ResourceTypes.ClusterRoleBindings && Bindings.Contains(name))
            ? OfKubernetes(address)
            : null;
    }

    /// <summary>Why the object may not be deleted, from the object itself; null when it may.</summary>
    public string? Refusal(ResourceAddress address, JsonObject read)
    {
        string name = address.Name.Value;
        bool system = name.StartsWith(System, StringComparison.Ordinal);
        if (address.Type == ResourceTypes.ClusterRoles)
        {
            bool aggregated = read.TextsAt("metadata", "labels").Keys.Any(key => key.StartsWith(AggregateTo, StringComparison.Ordinal));
            return aggregated ? null : system ? OfKubernetes(address) : name == OwnName ? OfTalon(address) : null;
        }

        if (address.Type != ResourceTypes.ClusterRoleBindings)
        {
            return null;
        }

        var subjects = read.ItemsAt("subjects").ToList();
        return system && subjects.All(IsControlPlane) ? OfKubernetes(address)
            : subjects.Count > 0 && subjects.All(IsTalon) ? OfTalon(address)
            : null;
    }

    private static bool IsControlPlane(JsonNode? subject) => subject.TextAt("kind") == "ServiceAccount"
        ? subject.TextAt("namespace") == KubeSystem
        : subject.TextAt("name") is { } name && ControlPlane.Contains(name);

    private static string OfKubernetes(ResourceAddress address) =>
        $"the {address.Type.Kind} {address.Name} belongs to Kubernetes itself and is protected";

    private static string OfTalon(ResourceAddress address) => $"the {address.Type.Kind} {address.Name} is part of Talon and protected";

    private bool IsTalon(JsonNode? subject) =>
        protectedNamespaces.Own is { } own && subject.TextAt("kind") == "ServiceAccount" && subject.TextAt("namespace") == own;
}
