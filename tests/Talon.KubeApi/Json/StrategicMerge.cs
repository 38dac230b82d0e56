using System.Text.Json.Nodes;

namespace Talon.KubeApi.Json;

/// <summary>
/// Strategic merge: like a merge patch, but some lists are merged by a key. Known directives: <c>$patch</c> (replace, delete,
/// merge) and <c>$deleteFromPrimitiveList</c>; ordering directives are dropped.
/// </summary>
internal static class StrategicMerge
{
    /// <summary>Lists merged by key, by field name, as the core types declare it. All others are replaced.</summary>
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["ephemeralContainers"] = "name",
        ["env"] = "name",
        ["volumes"] = "name",
        ["imagePullSecrets"] = "name",
        ["ports"] = "containerPort",
        ["volumeMounts"] = "mountPath",
        ["conditions"] = "type",
        ["ownerReferences"] = "uid",
        ["hostAliases"] = "ip",
        ["addresses"] = "type",
        ["topologySpreadConstraints"] = "topologyKey",
    };

    public static void Apply(JsonObject target, JsonObject patch)
    {
        if (Directive(patch) == "replace")
        {
            target.Clear();
        }
        else if (Directive(patch) == "delete")
        {
            target.Clear();
            return;
        }

        foreach (var (name, value) in patch)
        {
            if (name.StartsWith("$deleteFromPrimitiveList/", StringComparison.Ordinal))
                Remove(target, name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..], value as JsonArray);
            else if (!name.StartsWith('$'))
                Set(target, name, value);
        }
    }

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject inner:
                if (target[name] is not JsonObject child)
                    target[name] = child = [];
                Apply(child, inner);
                break;
            case JsonArray list when Keys.TryGetValue(name, out var key):
                target[name] = Merge(target[name] as JsonArray ?? [], list, key);
                break;
            case JsonArray list when name == "finalizers":
                target[name] = Union(target[name] as JsonArray ?? [], list);
                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    private static JsonArray Merge(JsonArray old, JsonArray patch, string key)
    {
        var merged = old.Select(n => n!.DeepClone()).ToList();
        var added = new List<JsonObject>();
        if (patch.OfType<JsonObject>().Any(p => p.Count == 1 && Directive(p) == "replace"))
            merged.Clear();
        foreach (var item in patch.OfType<JsonObject>())
        {
            var id = item[key];
            if (id is null)
                continue;
            var at = merged.FindIndex(m => JsonNode.DeepEquals((m as JsonObject)?[key], id));
            if (Directive(item) == "delete")
            {
                if (at >= 0)
                    merged.RemoveAt(at);
            }
            else if (at >= 0)
            {
                Apply((JsonObject)merged[at], item);
            }
            else if (added.Find(a => JsonNode.DeepEquals(a[key], id)) is { } twice)
            {
                Apply(twice, item);
            }
            else
            {
                var fresh = new JsonObject();
                Apply(fresh, item);
                added.Add(fresh);
            }
        }

        return new JsonArray([.. added, .. merged]);
    }

    private static JsonArray Union(JsonArray old, JsonArray patch)
    {
        var union = old.Select(n => n!.DeepClone()).ToList();
        union.AddRange(patch.Where(p => !old.Any(o => JsonNode.DeepEquals(o, p))).Select(p => p!.DeepClone()));
        return new JsonArray([.. union]);
    }

    private static void Remove(JsonObject target, string name, JsonArray? values)
    {
        if (target[name] is JsonArray list && values is not null)
            target[name] = new JsonArray([.. list.Where(o => !values.Any(v => JsonNode.DeepEquals(o, v))).Select(o => o!.DeepClone())]);
    }

    private static string? Directive(JsonObject patch) =>
        patch["$patch"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
