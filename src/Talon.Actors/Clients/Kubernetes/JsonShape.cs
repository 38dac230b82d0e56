using System.Text.Json;
using System.Text.Json.Nodes;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Reads JSON that may not have the expected shape: what is missing or of another type is null.</summary>
internal static class JsonShape
{
    /// <summary>The value at a path of property names; null when there is none.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            node = node is JsonObject map && map.TryGetPropertyValue(name, out var next) ? next : null;
        }

        return node;
    }

    /// <summary>The text at a path; null when there is none.</summary>
    public static string? TextAt(this JsonNode? node, params ReadOnlySpan<string> path) => Text(node.At(path));

    /// <summary>The text a node is; null when it is none.</summary>
    public static string? Text(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>The elements of the array at a path; empty when there is none.</summary>
    public static IEnumerable<JsonNode?> ItemsAt(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonArray ?? [];

    /// <summary>The entries of the map of texts at a path; empty when there is none. Values that are no text are left out.</summary>
    public static Dictionary<string, string> TextsAt(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in node.At(path) as JsonObject ?? [])
        {
            if (value.Text() is { } text)
            {
                texts[key] = text;
            }
        }

        return texts;
    }

    /// <summary>The object at a path of one name, made if it is missing or something else.</summary>
    public static JsonObject Map(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject map)
        {
            return map;
        }

        var made = new JsonObject();
        parent[name] = made;
        return made;
    }

    /// <summary>
    /// Whether two values say the same. Empty maps and arrays and nulls count as absent: API servers add and drop those.
    /// </summary>
    public static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(Compact(one), Compact(other));

    /// <summary>A copy without empty maps, empty arrays and nulls; null when nothing is left.</summary>
    public static JsonNode? Compact(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var kept = new JsonObject(map
                    .Select(entry => KeyValuePair.Create(entry.Key, Compact(entry.Value)))
                    .Where(entry => entry.Value is not null));
                return kept.Count == 0 ? null : kept;
            case JsonArray list:
                var items = new JsonArray([.. list.Select(Compact).Where(item => item is not null)]);
                return items.Count == 0 ? null : items;
            default:
                return node?.DeepClone();
        }
    }
}
