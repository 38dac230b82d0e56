using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Api;

/// <summary>Puts a merge patch or a strategic merge patch onto an object.</summary>
internal static class PatchApplier
{
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string Operations = "application/json-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    /// <returns>The refusal, or null when the patch is on.</returns>
    public static ApiResponse? TryApply(JsonObject target, string type, string body, out IReadOnlyList<string> duplicates)
    {
        var parsed = GoJson.Parse(body);
        duplicates = parsed.Duplicates;
        if (parsed.Error is not null)
            return Statuses.BadRequest($"error decoding patch: {parsed.Error}");
        if (parsed.Node is not JsonObject patch)
        {
            return Statuses.BadRequest(
                $"error decoding patch: json: cannot unmarshal {GoJson.TypeName(parsed.Node)} into Go value of type map[string]interface {{}}");
        }

        if (type == Merge)
            MergePatch.Apply(target, patch);
        else
            StrategicMerge.Apply(target, patch);
        return null;
    }

    /// <summary>How the real server quotes a strategic patch it refuses: as Go prints a map.</summary>
    public static string GoMap(JsonNode? node) => node switch
    {
        JsonObject map => $"map[{string.Join(' ', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{GoMap(p.Value)}"))}]",
        JsonArray list => $"[{string.Join(' ', list.Select(GoMap))}]",
        null => "<nil>",
        _ => node.ToString(),
    };
}
