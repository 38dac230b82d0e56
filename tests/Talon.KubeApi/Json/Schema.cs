using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Talon.KubeApi.Json;

/// <summary>
/// Knows the fields of each kind and their types, read by reflection from the models of the KubernetesClient package, so that
/// unknown fields and values of a wrong type are met as the real server meets them.
/// </summary>
internal static class Schema
{
    private static readonly ConcurrentDictionary<Type, Dictionary<string, Type>> Fields = new();

    /// <summary>Fields the server does not know, with their paths, and the first value of a wrong type in Go's words.</summary>
    public sealed record Result(IReadOnlyList<string> Unknown, string? TypeFault);

    /// <summary>Checks an object and removes the fields the server does not know; without a model everything but metadata is known.</summary>
    public static Result Prune(JsonObject value, Type? model)
    {
        var unknown = new List<string>();
        string? fault = null;
        if (model is null)
        {
            if (value["metadata"] is JsonObject metadata)
                Walk(metadata, typeof(V1ObjectMeta), "metadata", "metadata", unknown, ref fault);
            return new Result(unknown, fault);
        }

        Walk(value, model, "", "", unknown, ref fault);
        unknown.Sort(StringComparer.Ordinal);
        return new Result(unknown, fault);
    }

    private static void Walk(JsonObject value, Type model, string path, string goPath, List<string> unknown, ref string? fault)
    {
        var known = Fields.GetOrAdd(model, Read);
        foreach (var (name, child) in value.ToArray())
        {
            var here = path.Length == 0 ? name : $"{path}.{name}";
            if (!known.TryGetValue(name, out var type))
            {
                unknown.Add(here);
                value.Remove(name);
                continue;
            }

            var owner = model.Name.StartsWith("V1", StringComparison.Ordinal) ? model.Name[2..] : model.Name;
            Check(child, type, here, $"{owner}.{(goPath.Length == 0 ? name : $"{goPath}.{name}")}", goPath.Length == 0 ? name : $"{goPath}.{name}", unknown, ref fault);
        }
    }

    private static void Check(JsonNode? node, Type type, string path, string goField, string goPath, List<string> unknown, ref string? fault)
    {
        if (node is null)
            return;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Expected(node, type) is { } goType)
        {
            fault ??= $"json: cannot unmarshal {GoJson.TypeName(node)} into Go struct field {goField} of type {goType}";
            return;
        }

        if (node is JsonArray list && ItemOf(type) is { } item)
        {
            for (var i = 0; i < list.Count; i++)
                Check(list[i], item, $"{path}[{i}]", goField, goPath, unknown, ref fault);
        }
        else if (node is JsonObject map && ValueOf(type) is { } value)
        {
            foreach (var (key, child) in map.ToArray())
                Check(child, value, $"{path}.{key}", goField, goPath, unknown, ref fault);
        }
        else if (node is JsonObject inner && IsModel(type))
        {
            Walk(inner, type, path, goPath, unknown, ref fault);
        }
    }

    /// <returns>The name of the type that was wanted, or null when the value fits.</returns>
    private static string? Expected(JsonNode node, Type type)
    {
        var kind = node.GetValueKind();
        if (type == typeof(string))
            return kind == JsonValueKind.String ? null : "string";
        if (type == typeof(bool))
            return kind is JsonValueKind.True or JsonValueKind.False ? null : "bool";
        if (type == typeof(int) || type == typeof(long))
            return kind == JsonValueKind.Number ? null : type == typeof(int) ? "int32" : "int64";
        if (type == typeof(DateTime))
            return kind == JsonValueKind.String ? null : "string";
        if (ItemOf(type) is { } item)
            return kind == JsonValueKind.Array ? null : "[]" + GoName(item);
        if (ValueOf(type) is { } value)
            return kind == JsonValueKind.Object ? null : "map[string]" + GoName(value);
        return !IsModel(type) || kind == JsonValueKind.Object ? null : GoName(type);
    }

    private static string GoName(Type type) =>
        type == typeof(string) ? "string" : "v1." + (type.Name.StartsWith("V1", StringComparison.Ordinal) ? type.Name[2..] : type.Name);

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) ? type.GetGenericArguments()[0] : null;

    private static Type? ValueOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>) ? type.GetGenericArguments()[1] : null;

    private static bool IsModel(Type type) =>
        type.Namespace == typeof(V1Pod).Namespace && type != typeof(ResourceQuantity) && type != typeof(IntOrString)
        && !typeof(IEnumerable).IsAssignableFrom(type);

    private static Dictionary<string, Type> Read(Type model) =>
        model.GetProperties()
            .Select(p => (Name: p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name, p.PropertyType))
            .Where(p => p.Name is not null)
            .ToDictionary(p => p.Name!, p => p.PropertyType, StringComparer.Ordinal);
}
