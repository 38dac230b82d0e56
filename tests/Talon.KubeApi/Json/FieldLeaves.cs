using System.Text.Json.Nodes;

namespace Talon.KubeApi.Json;

/// <summary>
/// Takes an object apart into the fields that managers own: single values, lists without a key and selectors as a whole. Written as the
/// real server writes them in a conflict, e.g. <c>.spec.containers[name="c"].image</c>.
/// </summary>
internal static class FieldLeaves
{
    /// <summary>Owned as a whole though they are maps.</summary>
    private static readonly HashSet<string> Atomic = new(
        ["podSelector", "namespaceSelector", "selector", "labelSelector", "nodeSelector"],
        StringComparer.Ordinal);

    /// <summary>What the server writes, and what only says which object is meant.</summary>
    private static readonly HashSet<string> Unowned = new(
        [
            "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
            "deletionGracePeriodSeconds", "managedFields", "selfLink",
        ],
        StringComparer.Ordinal);

    /// <summary>One step of the way to a field: a name, or in a list the item whose key has a value.</summary>
    public sealed record Step(string Name, JsonNode? KeyValue = null);

    public sealed record Leaf(IReadOnlyList<Step> Way, JsonNode? Value);

    /// <summary>The fields of an object by their text. Custom resources have no keyed lists and no whole maps: nobody declares them.</summary>
    public static Dictionary<string, Leaf> Of(JsonObject json, bool custom)
    {
        var leaves = new Dictionary<string, Leaf>(StringComparer.Ordinal);
        foreach (var (name, value) in json)
        {
            if (name == "metadata")
            {
                foreach (var (inner, child) in value as JsonObject ?? [])
                {
                    if (!Unowned.Contains(inner))
                        Walk(child, [new Step("metadata"), new Step(inner)], $".metadata.{inner}", custom, leaves);
                }
            }
            else if (name is not ("kind" or "apiVersion" or "status"))
            {
                Walk(value, [new Step(name)], $".{name}", custom, leaves);
            }
        }

        return leaves;
    }

    public static void Set(JsonObject json, Leaf leaf)
    {
        if (Parent(json, leaf.Way, create: true) is { } parent)
            parent[leaf.Way[^1].Name] = leaf.Value?.DeepClone();
    }

    /// <summary>Removes a field, and the items of keyed lists and the maps of metadata that are left with nothing.</summary>
    public static void Remove(JsonObject json, Leaf leaf) => Parent(json, leaf.Way, create: false)?.Remove(leaf.Way[^1].Name);

    private static void Walk(JsonNode? node, List<Step> way, string path, bool custom, Dictionary<string, Leaf> leaves)
    {
        var name = way[^1].Name;
        switch (node)
        {
            case JsonObject { Count: > 0 } map when custom || !Atomic.Contains(name):
                foreach (var (inner, child) in map)
                    Walk(child, [.. way, new Step(inner)], $"{path}.{inner}", custom, leaves);
                break;
            case JsonArray { Count: > 0 } list when !custom && StrategicMerge.KeyOf(name) is { } key && list.All(i => (i as JsonObject)?[key] is not null):
                foreach (var item in list.OfType<JsonObject>())
                {
                    foreach (var (inner, child) in item)
                    {
                        var step = new Step(name, item[key]);
                        Walk(child, [.. way.SkipLast(1), step, new Step(inner)], $"{path}[{key}={item[key].Compact()}].{inner}", custom, leaves);
                    }
                }

                break;
            default:
                leaves[path] = new Leaf(way, node);
                break;
        }
    }

    private static JsonObject? Parent(JsonObject json, IReadOnlyList<Step> way, bool create)
    {
        var at = json;
        foreach (var step in way.SkipLast(1))
        {
            var next = step.KeyValue is { } value ? Item(at, step.Name, value, create) : at[step.Name] as JsonObject;
            if (next is null && !create)
                return null;
            if (next is null)
                at[step.Name] = next = [];
            at = next;
        }

        return at;
    }

    private static JsonObject? Item(JsonObject at, string name, JsonNode value, bool create)
    {
        var key = StrategicMerge.KeyOf(name)!;
        if (at[name] is not JsonArray list)
        {
            if (!create)
                return null;
            at[name] = list = [];
        }

        var found = list.OfType<JsonObject>().FirstOrDefault(i => JsonNode.DeepEquals(i[key], value));
        if (found is null && create)
            list.Add((JsonNode)(found = new JsonObject { [key] = value.DeepClone() }));
        return found;
    }
}
