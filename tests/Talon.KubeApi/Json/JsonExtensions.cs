using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Talon.KubeApi.Json;

/// <summary>Short ways to read and write the parts of an object that nearly everything here needs.</summary>
internal static class JsonExtensions
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] MetadataOrder =
    [
        "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers",
    ];

    public static string Text(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static long? Number(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    public static bool Flag(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static JsonObject Map(this JsonObject node, string name)
    {
        if (node[name] is JsonObject map)
            return map;
        map = [];
        node[name] = map;
        return map;
    }

    public static JsonObject Meta(this JsonObject node) => node.Map("metadata");

    public static IEnumerable<JsonObject> Items(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonArray list ? list.OfType<JsonObject>() : [];

    public static string Compact(this JsonNode? node) => node?.ToJsonString(Relaxed) ?? "null";

    public static byte[] Utf8(this JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Relaxed);

    /// <summary>Kubernetes writes times in whole seconds, UTC.</summary>
    public static string Rfc3339(this DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Brings metadata into the order of the real server, drops what is empty, sorts labels and annotations.</summary>
    public static void TidyMetadata(this JsonObject node)
    {
        var old = node.Meta();
        var tidy = new JsonObject();
        foreach (var name in MetadataOrder)
        {
            if (!old.Remove(name, out var value) || value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } || name == "selfLink")
                continue;
            tidy[name] = value is JsonObject map
                ? new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())))
                : value;
        }

        node["metadata"] = tidy;
    }

    /// <summary>Drops keys without a value, at every depth.</summary>
    public static void DropNulls(this JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map.ToArray())
                {
                    if (value is null)
                        map.Remove(name);
                    else
                        value.DropNulls();
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                    item.DropNulls();
                break;
        }
    }
}
