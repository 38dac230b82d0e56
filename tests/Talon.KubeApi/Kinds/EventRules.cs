using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>
/// The checks of events. They run on the form of core/v1 and name its fields, with one exception each way: the reporter. core/v1 checks an
/// event in the new way only when it has an eventTime.
/// </summary>
internal static class EventRules
{
    private const int NoteLimit = 1024;
    private const int WordLimit = 128;

    private static readonly string[] Immutable =
    [
        "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "type", "eventTime", "action", "related",
        "reportingComponent", "reportingInstance",
    ];

    public static void Check(JsonObject core, bool isNew, FieldErrors faults)
    {
        var own = core.Meta().Text("namespace");
        var about = core["involvedObject"].Text("namespace");
        var hasTime = core.Text("eventTime").Length > 0;
        if (about.Length == 0 ? own != "default" : (!isNew || !hasTime) && about != own)
            faults.Invalid("involvedObject.namespace", about, "does not match event.namespace");
        if (hasTime)
            CheckWords(core, isNew ? "reportingController" : "reportingComponent", faults);
        if (isNew)
            CheckNew(core, hasTime, faults);
    }

    /// <summary>Through events.k8s.io only the series may change.</summary>
    public static void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults)
    {
        foreach (var name in Immutable)
        {
            if (!JsonNode.DeepEquals(next[name], old[name]))
                faults.Invalid(name == "reportingComponent" ? "reportingController" : name, next.Text(name), "field is immutable");
        }
    }

    private static void CheckWords(JsonObject core, string reporter, FieldErrors faults)
    {
        var name = core.Text("reportingComponent");
        if (name.Length == 0)
        {
            faults.Required(reporter);
            faults.Invalid(reporter, name, "name part must be non-empty");
            faults.Invalid(reporter, name, NameRules.NamePart);
        }
        else if (NameRules.QualifiedName(name) is { } fault)
        {
            faults.Invalid(reporter, name, fault);
        }

        foreach (var field in new[] { "reportingInstance", "action", "reason" })
        {
            var text = core.Text(field);
            if (text.Length == 0)
                faults.Required(field);
            else if (text.Length > WordLimit)
                faults.Invalid(field, "", $"can have at most {WordLimit} characters");
        }

        if (core.Text("message").Length > NoteLimit)
            faults.Invalid("message", "", $"can have at most {NoteLimit} characters");
    }

    private static void CheckNew(JsonObject core, bool hasTime, FieldErrors faults)
    {
        if (!hasTime)
            faults.Required("eventTime");
        if (core.Text("type") is not ("Normal" or "Warning") and var type)
            faults.Invalid("type", "", $"has invalid value: {type}");
        foreach (var field in new[] { "firstTimestamp", "lastTimestamp", "count" })
        {
            if (core[field] is not null && core.Number(field) != 0)
                faults.Invalid(field, "", "needs to be unset");
        }

        if (core["source"] is JsonObject { Count: > 0 })
            faults.Invalid("source", "", "needs to be unset");
        if (core["series"] is not JsonObject series)
            return;
        if ((series.Number("count") ?? 0) < 2)
            faults.Invalid("series.count", "", "should be at least 2");
        if (series.Text("lastObservedTime").Length == 0)
            faults.Required("series.lastObservedTime");
    }
}
