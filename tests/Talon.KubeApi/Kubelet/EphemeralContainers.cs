using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kinds;

namespace Talon.KubeApi.Kubelet;

/// <summary>Writes to pods/ephemeralcontainers: only that list counts, and it only grows.</summary>
internal static class EphemeralContainers
{
    private const string List = "ephemeralContainers";

    private static readonly string[] NotAllowed = ["ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"];

    /// <summary>The old pod with the list of the new one; the rest of a write is dropped in silence.</summary>
    public static JsonObject Only(JsonObject old, JsonObject next)
    {
        var pod = (JsonObject)old.DeepClone();
        if (next.Meta().Text("uid") is { Length: > 0 } uid)
            pod.Meta()["uid"] = uid;
        pod.Map("spec").Remove(List);
        if (next["spec"]?[List] is JsonArray { Count: > 0 } list)
            pod.Map("spec")[List] = list.DeepClone();
        return pod;
    }

    public static void Check(JsonObject next, JsonObject old, FieldErrors faults)
    {
        if (PodStrategy.IsMirror(next))
        {
            faults.Forbidden("[]", "static pods do not support ephemeral containers");
            return;
        }

        var taken = Names(next, "containers").Concat(Names(next, "initContainers")).ToHashSet(StringComparer.Ordinal);
        var index = 0;
        foreach (var container in next["spec"].Items(List))
            CheckOne(container, $"spec.{List}[{index++}]", taken, Names(next, "containers"), faults);
        var before = old["spec"].Items(List).ToDictionary(c => c.Text("name"), StringComparer.Ordinal);
        var after = next["spec"].Items(List).GroupBy(c => c.Text("name"), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var (name, container) in before)
        {
            if (!after.TryGetValue(name, out var kept))
                faults.Forbidden($"spec.{List}", $"existing ephemeral containers \"{name}\" may not be removed\n");
            else if (!JsonNode.DeepEquals(kept, container))
                faults.Forbidden($"spec.{List}", $"existing ephemeral containers \"{name}\" may not be changed");
        }
    }

    private static void CheckOne(JsonObject container, string field, HashSet<string> taken, IEnumerable<string> targets, FieldErrors faults)
    {
        var name = container.Text("name");
        if (name.Length == 0)
            faults.Required($"{field}.name");
        else if (NameRules.DnsLabel(name) is { } fault)
            faults.Invalid($"{field}.name", name, fault);
        else if (!taken.Add(name))
            faults.Duplicate($"{field}.name", name);
        if (container.Text("image").Length == 0)
            faults.Required($"{field}.image");
        foreach (var refused in NotAllowed)
        {
            if (container[refused] is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
                faults.Forbidden($"{field}.{refused}", "cannot be set for an Ephemeral Container");
        }

        if (container.Text("targetContainerName") is { Length: > 0 } target && !targets.Contains(target, StringComparer.Ordinal))
            faults.NotFound($"{field}.targetContainerName", target);
    }

    private static IEnumerable<string> Names(JsonObject pod, string list) => pod["spec"].Items(list).Select(c => c.Text("name"));
}
