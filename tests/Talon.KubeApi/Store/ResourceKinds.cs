using k8s.Models;
using Talon.KubeApi.Kinds;

namespace Talon.KubeApi.Store;

/// <summary>The table of kinds. A new kind is a new row and, where it behaves in its own way, a strategy.</summary>
internal static class ResourceKinds
{
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

    public static IReadOnlyList<ResourceKind> All { get; } = [Namespaces, Nodes, Pods, ReplicaSets];

    public static ResourceKind? Find(string group, string version, string plural) =>
        All.FirstOrDefault(k => k.Group == group && k.Version == version && k.Plural == plural);

    public static bool Knows(string group, string version) => All.Any(k => k.Group == group && k.Version == version);
}
