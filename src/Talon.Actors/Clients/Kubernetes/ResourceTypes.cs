using System.Collections.Frozen;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>The kinds that <see cref="IResources"/> is used with.</summary>
internal static class ResourceTypes
{
    private const string Rbac = "rbac.authorization.k8s.io";

    public static readonly ResourceType Namespaces = new("", "v1", "namespaces", "Namespace", namespaced: false);
    public static readonly ResourceType Pods = new("", "v1", "pods", "Pod");
    public static readonly ResourceType DaemonSets = new("apps", "v1", "daemonsets", "DaemonSet");
    public static readonly ResourceType Deployments = new("apps", "v1", "deployments", "Deployment");
    public static readonly ResourceType ReplicaSets = new("apps", "v1", "replicasets", "ReplicaSet");
    public static readonly ResourceType StatefulSets = new("apps", "v1", "statefulsets", "StatefulSet");
    public static readonly ResourceType CronJobs = new("batch", "v1", "cronjobs", "CronJob");
    public static readonly ResourceType Jobs = new("batch", "v1", "jobs", "Job");
    public static readonly ResourceType NetworkPolicies = new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy");
    public static readonly ResourceType ClusterRoles = new(Rbac, "v1", "clusterroles", "ClusterRole", namespaced: false);
    public static readonly ResourceType ClusterRoleBindings = new(Rbac, "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced: false);
    public static readonly ResourceType CalicoNetworkPolicies = new("projectcalico.org", "v3", "networkpolicies", "NetworkPolicy");
    public static readonly ResourceType CiliumNetworkPolicies = new("cilium.io", "v2", "ciliumnetworkpolicies", "CiliumNetworkPolicy");

    /// <summary>What an audit event may name for deletion, by the plural name it carries.</summary>
    public static FrozenDictionary<string, ResourceType> Deletable { get; } = new[]
    {
        Namespaces,
        Pods,
        new("", "v1", "configmaps", "ConfigMap"),
        new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
        new("", "v1", "secrets", "Secret"),
        new("", "v1", "serviceaccounts", "ServiceAccount"),
        new("", "v1", "services", "Service"),
        DaemonSets,
        Deployments,
        ReplicaSets,
        StatefulSets,
        CronJobs,
        Jobs,
        new("networking.k8s.io", "v1", "ingresses", "Ingress"),
        NetworkPolicies,
        new(Rbac, "v1", "roles", "Role"),
        new(Rbac, "v1", "rolebindings", "RoleBinding"),
        ClusterRoles,
        ClusterRoleBindings,
    }.ToFrozenDictionary(type => type.Plural, StringComparer.Ordinal);
}
