using System.Text.Json.Nodes;

namespace Talon.KubeApi.Kinds;

/// <summary>The two forms of an event. What they share is stored once, in the form of core/v1.</summary>
internal sealed class EventForm
{
    private static readonly (string Core, string New)[] Names =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"),
    ];

    private EventForm()
    {
    }

    /// <summary>core/v1.</summary>
    public static EventForm Core { get; } = new();

    /// <summary>events.k8s.io/v1.</summary>
    public static EventForm New { get; } = new();

    /// <summary>The core form of an event of events.k8s.io/v1.</summary>
    public JsonObject ToStored(JsonObject json) => Rename(json, Names.Select(n => (n.New, n.Core)), "v1", ["firstTimestamp", "lastTimestamp", "eventTime"]);

    /// <summary>An event of core/v1 as events.k8s.io/v1 shows it.</summary>
    public JsonObject FromStored(JsonObject json)
    {
        var shown = Rename(json, Names.Select(n => (n.Core, n.New)), "events.k8s.io/v1", ["deprecatedFirstTimestamp", "deprecatedLastTimestamp", "eventTime"]);
        foreach (var name in new[] { "reportingController", "reportingInstance", "action", "reason", "type", "note" })
        {
            // Go leaves out empty texts here; core/v1 writes the two of the reporter always.
            if (shown[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0)
                shown.Remove(name);
        }

        return shown;
    }

    private static JsonObject Rename(JsonObject json, IEnumerable<(string From, string To)> names, string apiVersion, string[] times)
    {
        var to = names.ToDictionary(n => n.From, n => n.To, StringComparer.Ordinal);
        var renamed = new JsonObject { ["kind"] = "Event", ["apiVersion"] = apiVersion };
        foreach (var (name, value) in json)
        {
            if (name is not ("kind" or "apiVersion"))
                renamed[to.GetValueOrDefault(name, name)] = value?.DeepClone();
        }

        foreach (var time in times)
        {
            if (!renamed.ContainsKey(time))
                renamed[time] = null;
        }

        return renamed;
    }
}
