using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>A change of an object's labels or annotations, sent as one JSON merge patch that names the object's uid.</summary>
/// <param name="Uid">The uid the object must have; another one makes the API server refuse the patch.</param>
/// <param name="Labels">The labels to set; null as a value removes the key.</param>
/// <param name="Annotations">The annotations to set; null as a value removes the key.</param>
internal sealed record MetadataChange(
    string Uid, ImmutableSortedDictionary<string, string?> Labels, ImmutableSortedDictionary<string, string?> Annotations)
{
    internal string ToMergePatch()
    {
        var metadata = new JsonObject { ["uid"] = Uid };
        Add(metadata, "labels", Labels);
        Add(metadata, "annotations", Annotations);
        return new JsonObject { ["metadata"] = metadata }.ToJsonString();
    }

    private static void Add(JsonObject metadata, string field, ImmutableSortedDictionary<string, string?> changes)
    {
        if (changes.IsEmpty)
        {
            return;
        }

        var map = new JsonObject();
        foreach (var (key, value) in changes)
        {
            map[key] = value;
        }

        metadata[field] = map;
    }
}
