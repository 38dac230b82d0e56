using System.Text.Json.Nodes;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>Version, health and discovery, as far as the kinds that exist here.</summary>
internal static class Discovery
{
    public static ApiResponse? Answer(RequestInfo request, string address, IReadOnlyList<string> absent)
    {
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["apis", var named, ..] && absent.Contains(named, StringComparer.Ordinal))
            return null;
        return parts switch
        {
            ["version"] => ApiResponse.Json(200, Version()),
            ["healthz" or "readyz" or "livez"] => ApiResponse.Text(200, "ok"),
            ["api"] => ApiResponse.Json(200, new JsonObject
            {
                ["kind"] = "APIVersions",
                ["versions"] = new JsonArray("v1"),
                ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = address }),
            }),
            ["apis"] => ApiResponse.Json(200, Groups(absent)),
            ["api", var version] when ResourceKinds.Knows("", version) => ApiResponse.Json(200, Resources("", version)),
            ["apis", var group] when Named().Contains(group, StringComparer.Ordinal) => ApiResponse.Json(200, Group(group, withKind: true)),
            ["apis", var group, var version] when group.Length > 0 && ResourceKinds.Knows(group, version) => ApiResponse.Json(200, Resources(group, version)),
            _ => null,
        };
    }

    private static IEnumerable<string> Named() => ResourceKinds.All.Select(k => k.Group).Where(g => g.Length > 0).Distinct(StringComparer.Ordinal);

    private static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "36",
        ["emulationMajor"] = "1",
        ["emulationMinor"] = "36",
        ["minCompatibilityMajor"] = "1",
        ["minCompatibilityMinor"] = "35",
        ["gitVersion"] = "v1.36.2",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "",
        ["goVersion"] = "go1.26.10",
        ["compiler"] = "gc",
        ["platform"] = "linux/amd64",
    };

    private static JsonObject Groups(IReadOnlyList<string> absent) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. Named().Except(absent, StringComparer.Ordinal).Select(g => Group(g, withKind: false))]),
    };

    private static JsonObject Group(string name, bool withKind)
    {
        var version = ResourceKinds.All.First(k => k.Group == name).Version;
        var group = withKind ? new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" } : [];
        group["name"] = name;
        group["versions"] = new JsonArray(new JsonObject { ["groupVersion"] = $"{name}/{version}", ["version"] = version });
        group["preferredVersion"] = new JsonObject { ["groupVersion"] = $"{name}/{version}", ["version"] = version };
        return group;
    }

    private static JsonObject Resources(string group, string version)
    {
        var list = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
            list["apiVersion"] = "v1";
        list["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        var resources = new JsonArray();
        foreach (var kind in ResourceKinds.All.Where(k => k.Group == group && k.Version == version))
        {
            resources.Add((JsonNode)Resource(kind));
            if (kind == ResourceKinds.Pods)
            {
                resources.Add((JsonNode)Subresource(kind, "ephemeralcontainers", kind.Kind, "get", "patch", "update"));
                var eviction = Subresource(kind, "eviction", "Eviction", "create");
                eviction["group"] = "policy";
                eviction["version"] = "v1";
                resources.Add((JsonNode)eviction);
                resources.Add((JsonNode)Subresource(kind, "exec", "PodExecOptions", "create", "get"));
                resources.Add((JsonNode)Subresource(kind, "log", kind.Kind, "get"));
            }

            if (kind.Strategy.HasStatus)
                resources.Add((JsonNode)Subresource(kind, "status", kind.Kind, "get", "patch", "update"));
        }

        list["resources"] = resources;
        return list;
    }

    private static JsonObject Subresource(ResourceKind kind, string name, string bodyKind, params string[] verbs) => new()
    {
        ["name"] = $"{kind.Plural}/{name}",
        ["singularName"] = "",
        ["namespaced"] = kind.Namespaced,
        ["kind"] = bodyKind,
        ["verbs"] = new JsonArray([.. verbs.Select(v => (JsonNode)v)]),
    };

    private static JsonObject Resource(ResourceKind kind)
    {
        string[] verbs = kind.DeleteCollection
            ? ["create", "delete", "deletecollection", "get", "list", "patch", "update"]
            : ["create", "delete", "get", "list", "patch", "update"];
        var resource = new JsonObject
        {
            ["name"] = kind.Plural,
            ["singularName"] = kind.Kind.ToLowerInvariant(),
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kind.Kind,
            ["verbs"] = new JsonArray([.. verbs.Select(v => (JsonNode)v)]),
        };
        if (kind.ShortNames.Count > 0)
            resource["shortNames"] = new JsonArray([.. kind.ShortNames.Select(s => (JsonNode)s)]);
        if (kind.Categories.Count > 0)
            resource["categories"] = new JsonArray([.. kind.Categories.Select(c => (JsonNode)c)]);
        return resource;
    }
}
