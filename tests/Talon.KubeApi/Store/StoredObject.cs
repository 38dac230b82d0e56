using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi;

/// <summary>One version of one object. Immutable; safe to keep and to read from any thread.</summary>
public sealed class StoredObject
{
    private readonly byte[] _utf8;

    internal StoredObject(ResourceKind kind, JsonObject json)
    {
        Kind = kind;
        var ordered = new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion };
        foreach (var (name, value) in json)
        {
            if (name is not ("kind" or "apiVersion"))
                ordered[name] = value?.DeepClone();
        }

        _utf8 = ordered.Utf8();
        var metadata = json["metadata"];
        Name = metadata.Text("name");
        Namespace = kind.Namespaced ? metadata.Text("namespace") : null;
        Uid = metadata.Text("uid");
        ResourceVersion = long.TryParse(metadata.Text("resourceVersion"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
        IsTerminating = metadata.Text("deletionTimestamp").Length > 0;
        Labels = ((metadata as JsonObject)?["labels"] as JsonObject ?? [])
            .ToFrozenDictionary(p => p.Key, p => p.Value?.GetValue<string>() ?? "", StringComparer.Ordinal);
        Fields = kind.Strategy.SelectableFields(json).ToFrozenDictionary(StringComparer.Ordinal);
        Owners = [.. metadata.Items("ownerReferences").Select(o => o.Text("uid"))];
    }

    /// <summary>Plural name of the resource, e.g. <c>pods</c>.</summary>
    public string Resource => Kind.Plural;

    /// <summary>Null for kinds that live in no namespace.</summary>
    public string? Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    public long ResourceVersion { get; }

    /// <summary>True once deletionTimestamp is set.</summary>
    public bool IsTerminating { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    internal ResourceKind Kind { get; }

    internal IReadOnlyDictionary<string, string> Fields { get; }

    internal IReadOnlyList<string> Owners { get; }

    internal string Key => KeyOf(Namespace, Name);

    internal ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <summary>The object as it stands in a list: without kind and apiVersion.</summary>
    internal ReadOnlyMemory<byte> Utf8InList => _utf8.AsMemory(Encoding.UTF8.GetByteCount(Kind.Prefix));

    /// <summary>A copy of the whole object, free to change.</summary>
    public JsonObject ToJson() => (JsonObject)JsonNode.Parse(_utf8)!;

    internal static string KeyOf(string? ns, string name) => ns is null ? name : $"{ns}/{name}";
}
