using System.Globalization;
using System.Text.Json.Nodes;

namespace Talon.KubeApi.Json;

/// <summary>
/// RFC 6902 as the real server runs it: <c>replace</c> of an absent key of an existing map adds it, and <c>test</c> of an absent
/// key against null holds.
/// </summary>
internal static class JsonPatch
{
    /// <returns>False when an operation cannot be applied; the target is then in an undefined state.</returns>
    public static bool TryApply(JsonObject target, JsonArray operations)
    {
        foreach (var node in operations)
        {
            if (node is not JsonObject operation || !TryRun(target, operation))
                return false;
        }

        return true;
    }

    private static bool TryRun(JsonObject target, JsonObject operation)
    {
        if (Pointer(operation["path"]) is not { Length: > 0 } path)
            return false;
        var value = operation["value"];
        switch (Text(operation["op"]))
        {
            case "add":
                return TryAdd(target, path, value, insert: true);
            case "replace":
                return TryAdd(target, path, value, insert: false);
            case "remove":
                return TryTake(target, path, out _);
            case "test":
                return TryParent(target, path, out var parent) && JsonNode.DeepEquals(Child(parent, path[^1]), value);
            case "copy":
                return TryFrom(target, operation, out var copied) && TryAdd(target, path, copied, insert: true);
            case "move":
                return Pointer(operation["from"]) is { Length: > 0 } from && TryTake(target, from, out var taken)
                    && TryAdd(target, path, taken, insert: true);
            default:
                return false;
        }
    }

    private static bool TryFrom(JsonObject target, JsonObject operation, out JsonNode? value)
    {
        value = null;
        if (Pointer(operation["from"]) is not { Length: > 0 } from || !TryParent(target, from, out var parent))
            return false;
        value = Child(parent, from[^1]);
        return value is not null;
    }

    private static bool TryAdd(JsonObject target, string[] path, JsonNode? value, bool insert)
    {
        if (!TryParent(target, path, out var parent))
            return false;
        if (parent is JsonObject map)
        {
            map[path[^1]] = value?.DeepClone();
            return true;
        }

        var list = (JsonArray)parent;
        if (insert && path[^1] == "-")
        {
            list.Add(value?.DeepClone());
            return true;
        }

        if (Index(path[^1]) is not { } index || index > list.Count - (insert ? 0 : 1))
            return false;
        if (insert)
            list.Insert(index, value?.DeepClone());
        else
            list[index] = value?.DeepClone();
        return true;
    }

    private static bool TryTake(JsonObject target, string[] path, out JsonNode? taken)
    {
        taken = null;
        if (!TryParent(target, path, out var parent))
            return false;
        taken = Child(parent, path[^1])?.DeepClone();
        if (parent is JsonObject map)
            return map.Remove(path[^1]);
        if (Index(path[^1]) is not { } index || index >= ((JsonArray)parent).Count)
            return false;
        ((JsonArray)parent).RemoveAt(index);
        return true;
    }

    private static bool TryParent(JsonObject target, string[] path, out JsonNode parent)
    {
        parent = target;
        foreach (var step in path[..^1])
        {
            if (Child(parent, step) is not { } next)
                return false;
            parent = next;
        }

        return parent is JsonObject or JsonArray;
    }

    private static JsonNode? Child(JsonNode parent, string step) => parent switch
    {
        JsonObject map => map[step],
        JsonArray list when Index(step) is { } index && index < list.Count => list[index],
        _ => null,
    };

    private static int? Index(string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static string[]? Pointer(JsonNode? node) =>
        Text(node) is { } text && text.StartsWith('/')
            ? [.. text[1..].Split('/').Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
