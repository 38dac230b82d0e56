using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Store;

/// <summary>The bodies of seeded objects, in the shape a client would have sent them.</summary>
internal static class Seeding
{
    /// <summary>Stands for the hash of a static pod's file.</summary>
    private const string Hash = "4f77d11d4b1196a13f3ac1e2792630af";

    public static JsonObject Pod(string ns, string name, PodSeed seed, string node, Identities identities)
    {
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = ns, ["labels"] = Map(seed.Labels), ["annotations"] = Map(seed.Annotations) };
        if (seed.Owner is { } owner)
            metadata["ownerReferences"] = new JsonArray(Reference(owner, identities));
        if (seed.IsMirror)
        {
            foreach (var (key, value) in new[] { ("hash", Hash), ("mirror", Hash), ("source", "file") })
                metadata.Map("annotations")[$"kubernetes.io/config.{key}"] = value;
        }

        metadata["finalizers"] = new JsonArray([.. seed.Finalizers.Select(f => (JsonNode)f)]);
        var spec = new JsonObject
        {
            ["containers"] = new JsonArray([.. seed.Containers.Select(c => (JsonNode)new JsonObject { ["name"] = c, ["image"] = seed.Image })]),
            ["restartPolicy"] = seed.RestartPolicy,
            ["terminationGracePeriodSeconds"] = seed.TerminationGracePeriodSeconds,
        };
        if (node.Length > 0)
            spec["nodeName"] = node;
        return new JsonObject { ["metadata"] = metadata, ["spec"] = spec };
    }

    public static JsonObject ReplicaSet(
        string ns, string name, int replicas, ReplicaSetSeed seed, IReadOnlyDictionary<string, string> labels, Identities identities)
    {
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = ns, ["labels"] = Map(labels) };
        if (seed.Owner is { } owner)
            metadata["ownerReferences"] = new JsonArray(Reference(owner, identities));
        return new JsonObject
        {
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["replicas"] = replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = Map(labels) },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Map(labels) },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "busybox:1.36" }),
                        ["terminationGracePeriodSeconds"] = seed.TerminationGracePeriodSeconds,
                    },
                },
            },
        };
    }

    public static JsonObject Node(string name, IReadOnlyDictionary<string, string>? labels, string now)
    {
        var all = new JsonObject
        {
            ["beta.kubernetes.io/arch"] = "amd64",
            ["beta.kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = "amd64",
            ["kubernetes.io/hostname"] = name,
            ["kubernetes.io/os"] = "linux",
        };
        foreach (var (key, value) in labels ?? new Dictionary<string, string>(StringComparer.Ordinal))
            all[key] = value;
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = all,
                ["annotations"] = new JsonObject
                {
                    ["node.alpha.kubernetes.io/ttl"] = "0",
                    ["volumes.kubernetes.io/controller-managed-attach-detach"] = "true",
                }
            },
            ["spec"] = new JsonObject(),
            ["status"] = new JsonObject
            {
                ["capacity"] = new JsonObject { ["cpu"] = "2", ["memory"] = "8Gi", ["pods"] = "110" },
                ["allocatable"] = new JsonObject { ["cpu"] = "2", ["memory"] = "8Gi", ["pods"] = "110" },
                ["conditions"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Ready",
                    ["status"] = "True",
                    ["lastHeartbeatTime"] = now,
                    ["lastTransitionTime"] = now,
                    ["reason"] = "KubeletReady",
                    ["message"] = "kubelet is posting ready status",
                }),
                ["addresses"] = new JsonArray(
                    new JsonObject { ["type"] = "InternalIP", ["address"] = "127.0.0.1" },
                    new JsonObject { ["type"] = "Hostname", ["address"] = name }),
                ["nodeInfo"] = new JsonObject
                {
                    ["kubeletVersion"] = "v1.36.2",
                    ["containerRuntimeVersion"] = "containerd://2.1.9",
                    ["operatingSystem"] = "linux",
                    ["architecture"] = "amd64",
                },
            },
        };
    }

    private static JsonObject Map(IReadOnlyDictionary<string, string> values) =>
        new(values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));

    private static JsonObject Reference(OwnerSeed owner, Identities identities)
    {
        var reference = new JsonObject
        {
            ["apiVersion"] = owner.ApiVersion,
            ["kind"] = owner.Kind,
            ["name"] = owner.Name,
            ["uid"] = owner.Uid ?? identities.Uid(),
            ["controller"] = true,
        };
        // A kubelet does not keep its node from going.
        if (owner.Kind != "Node")
            reference["blockOwnerDeletion"] = true;
        return reference;
    }
}
