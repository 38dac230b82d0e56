using System.Text;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Api;

/// <summary>Checks of metadata that hold for every kind.</summary>
internal static class MetadataRules
{
    /// <summary>Sum of keys and values of all annotations, in bytes.</summary>
    private const int AnnotationLimit = 256 * 1024;

    private static readonly string[] StandardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

    /// <summary>On an update the real server runs these checks several times, and each run adds its causes.</summary>
    public static void Check(JsonObject json, FieldErrors faults, bool update)
    {
        var metadata = json.Meta();
        var times = update ? 4 : 1;
        foreach (var (key, value) in metadata["labels"] as JsonObject ?? [])
        {
            if (NameRules.QualifiedName(key) is { } keyFault)
                faults.Invalid("metadata.labels", key, keyFault, times);
            if (NameRules.LabelValue(value?.GetValue<string>() ?? "") is { } valueFault)
                faults.Invalid("metadata.labels", value?.GetValue<string>() ?? "", valueFault, times);
        }

        var size = 0;
        foreach (var (key, value) in metadata["annotations"] as JsonObject ?? [])
        {
            if (NameRules.QualifiedName(key.ToLowerInvariant()) is { } keyFault)
                faults.Invalid("metadata.annotations", key, keyFault, times);
            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value?.GetValue<string>() ?? "");
        }

        if (size > AnnotationLimit)
            faults.TooLong("metadata.annotations", AnnotationLimit, times);
        foreach (var owner in metadata.Items("ownerReferences"))
        {
            foreach (var field in new[] { "apiVersion", "kind", "name", "uid" })
            {
                if (owner.Text(field).Length == 0)
                    faults.Invalid($"metadata.ownerReferences.{field}", "", "must not be empty", times);
            }
        }

        var index = 0;
        foreach (var finalizer in metadata["finalizers"] as JsonArray ?? [])
        {
            var text = finalizer?.GetValue<string>() ?? "";
            if (!text.Contains('/', StringComparison.Ordinal) && !StandardFinalizers.Contains(text, StringComparer.Ordinal))
                faults.Invalid($"metadata.finalizers[{index}]", text, "name is neither a standard finalizer name nor is it fully qualified", update ? 2 : 1);
            index++;
        }
    }

    public static void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults)
    {
        var uid = next.Meta().Text("uid");
        if (uid != old.Meta().Text("uid"))
            faults.Invalid("metadata.uid", uid, "field is immutable", 2);
        if (old.Meta().Text("deletionTimestamp").Length == 0)
            return;
        var before = Finalizers(old);
        var added = Finalizers(next).Except(before, StringComparer.Ordinal).ToList();
        if (added.Count > 0)
        {
            faults.Forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new finalizers "
                + $"[]string{{{string.Join(", ", added.Select(FieldErrors.Quote))}}}",
                2);
        }
    }

    public static IReadOnlyList<string> Finalizers(JsonObject json) =>
        [.. (json.Meta()["finalizers"] as JsonArray ?? []).Select(f => f?.GetValue<string>() ?? "")];
}
