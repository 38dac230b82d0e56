using k8s.Models;
using Talon.KubeApi.Kinds;

namespace Talon.KubeApi.Store;

/// <summary>The table of kinds. A new kind is a new row and, where it behaves in its own way, a strategy.</summary>
internal static class ResourceKinds
{
    private const string Rbac = "rbac.authorization.k8s.io";

    public static readonly ResourceKind Namespaces = new()
    {
        Group = "",
        Plural = "namespaces",
        Kind = "Namespace",
        Namespaced = false,
        Model = typeof(V1Namespace),
        Strategy = new NamespaceStrategy(),
        ShortNames = ["ns"],
        DeleteCollection = false,
    };

    public static readonly ResourceKind Nodes = new()
    {
        Group = "",
        Plural = "nodes",
        Kind = "Node",
        Namespaced = false,
        Model = typeof(V1Node),
        Strategy = new NodeStrategy(),
        ShortNames = ["no"],
    };

    public static readonly ResourceKind Pods = new()
    {
        Group = "",
        Plural = "pods",
        Kind = "Pod",
        Namespaced = true,
        Model = typeof(V1Pod),
        Strategy = new PodStrategy(),
        ShortNames = ["po"],
        Categories = ["all"],
    };

    public static readonly ResourceKind ReplicaSets = new()
    {
        Group = "apps",
        Plural = "replicasets",
        Kind = "ReplicaSet",
        Namespaced = true,
        Model = typeof(V1ReplicaSet),
        Strategy = new ReplicaSetStrategy(),
        ShortNames = ["rs"],
        Categories = ["all"],
    };

    /// <summary>Events as core/v1 has them: this is the form they are stored in.</summary>
    public static readonly ResourceKind Events = Row("", "events", "Event", typeof(Corev1Event), new EventStrategy(EventForm.Core), "ev");

    /// <summary>The same events as events.k8s.io/v1 shows them.</summary>
    public static readonly ResourceKind NewEvents = new()
    {
        Group = "events.k8s.io",
        Plural = "events",
        Kind = "Event",
        Namespaced = true,
        Model = typeof(Eventsv1Event),
        Strategy = new EventStrategy(EventForm.New),
        ShortNames = ["ev"],
        StoredAs = Events,
        View = EventForm.New,
    };

    public static readonly ResourceKind Jobs = Row("batch", "jobs", "Job", typeof(V1Job), new JobStrategy());

    public static readonly ResourceKind Deployments = Row("apps", "deployments", "Deployment", typeof(V1Deployment), new WorkloadStrategy(), "deploy");

    public static readonly ResourceKind DaemonSets = Row("apps", "daemonsets", "DaemonSet", typeof(V1DaemonSet), new WorkloadStrategy(), "ds");

    public static readonly ResourceKind StatefulSets = Row("apps", "statefulsets", "StatefulSet", typeof(V1StatefulSet), new WorkloadStrategy(), "sts");

    public static readonly ResourceKind ServiceAccounts =
        Row("", "serviceaccounts", "ServiceAccount", typeof(V1ServiceAccount), PlainStrategy.Bare, "sa");

    public static readonly ResourceKind DisruptionBudgets =
        Row("policy", "poddisruptionbudgets", "PodDisruptionBudget", typeof(V1PodDisruptionBudget), new BudgetStrategy(), "pdb");

    public static readonly ResourceKind Roles = Row(Rbac, "roles", "Role", typeof(V1Role), PlainStrategy.Rights);

    public static readonly ResourceKind RoleBindings = Row(Rbac, "rolebindings", "RoleBinding", typeof(V1RoleBinding), PlainStrategy.Rights);

    public static readonly ResourceKind ClusterRoles = Clusterwide(Rbac, "clusterroles", "ClusterRole", typeof(V1ClusterRole), PlainStrategy.Rights);

    public static readonly ResourceKind ClusterRoleBindings =
        Clusterwide(Rbac, "clusterrolebindings", "ClusterRoleBinding", typeof(V1ClusterRoleBinding), PlainStrategy.Rights);

    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        Namespaces,
        Nodes,
        Pods,
        Events,
        Row("", "configmaps", "ConfigMap", typeof(V1ConfigMap), PlainStrategy.Config, "cm"),
        Row("", "secrets", "Secret", typeof(V1Secret), PlainStrategy.Secret),
        Row("", "services", "Service", typeof(V1Service), PlainStrategy.Service, "svc"),
        ServiceAccounts,
        Row("", "endpoints", "Endpoints", typeof(V1Endpoints), PlainStrategy.Bare, "ep"),
        Row("", "persistentvolumeclaims", "PersistentVolumeClaim", typeof(V1PersistentVolumeClaim), PlainStrategy.Claim, "pvc"),
        Clusterwide("", "persistentvolumes", "PersistentVolume", typeof(V1PersistentVolume), PlainStrategy.Volume, "pv"),
        ReplicaSets,
        Deployments,
        DaemonSets,
        StatefulSets,
        Jobs,
        Row("batch", "cronjobs", "CronJob", typeof(V1CronJob), PlainStrategy.Specified, "cj"),
        Row("networking.k8s.io", "ingresses", "Ingress", typeof(V1Ingress), PlainStrategy.Specified, "ing"),
        Row("networking.k8s.io", "networkpolicies", "NetworkPolicy", typeof(V1NetworkPolicy), new NetworkPolicyStrategy(), "netpol"),
        DisruptionBudgets,
        Roles,
        RoleBindings,
        ClusterRoles,
        ClusterRoleBindings,
        Row("coordination.k8s.io", "leases", "Lease", typeof(V1Lease), new LeaseStrategy()),
        NewEvents,
        Custom("projectcalico.org", "v3", "networkpolicies", "NetworkPolicy", PlainStrategy.Calico),
        Custom("cilium.io", "v2", "ciliumnetworkpolicies", "CiliumNetworkPolicy", PlainStrategy.Custom, "cnp"),
    ];

    /// <summary>The kinds that have a place of their own in the store: all but the views of others.</summary>
    public static IReadOnlyList<ResourceKind> Stored { get; } = [.. All.Where(k => k.StoredAs is null)];

    public static ResourceKind? Find(string group, string version, string plural) =>
        All.FirstOrDefault(k => k.Group == group && k.Version == version && k.Plural == plural);

    public static bool Knows(string group, string version) => All.Any(k => k.Group == group && k.Version == version);

    /// <summary>True for a group of custom resources: what it does not have is an unknown path, not an unknown resource.</summary>
    public static bool IsCustom(string group) => All.Any(k => k.Group == group && k.IsCustom);

    private static ResourceKind Row(string group, string plural, string kind, Type model, KindStrategy strategy, params string[] shortNames) => new()
    {
        Group = group,
        Plural = plural,
        Kind = kind,
        Namespaced = true,
        Model = model,
        Strategy = strategy,
        ShortNames = shortNames,
    };

    private static ResourceKind Clusterwide(string group, string plural, string kind, Type model, KindStrategy strategy, params string[] shortNames) => new()
    {
        Group = group,
        Plural = plural,
        Kind = kind,
        Namespaced = false,
        Model = model,
        Strategy = strategy,
        ShortNames = shortNames,
    };

    private static ResourceKind Custom(string group, string version, string plural, string kind, KindStrategy strategy, params string[] shortNames) => new()
    {
        Group = group,
        Version = version,
        Plural = plural,
        Kind = kind,
        Namespaced = true,
        Model = null,
        Strategy = strategy,
        ShortNames = shortNames,
    };
}
