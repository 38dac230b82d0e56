using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>Events, in one of their two forms.</summary>
internal sealed class EventStrategy(EventForm form) : KindStrategy
{
    private static readonly string[] Parts = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

    public override bool HasStatus => false;

    public override IReadOnlyList<string> MicroTimes { get; } = ["eventTime", "series.lastObservedTime"];

    private string About => form == EventForm.Core ? "involvedObject" : "regarding";

    public override bool CanSelect(string field) =>
        field is "metadata.name" or "metadata.namespace" or "reason" or "type" or "reportingController" or "source"
        || Parts.Any(p => field == $"{About}.{p}");

    public override Dictionary<string, string> SelectableFields(JsonObject json)
    {
        var fields = Basic(json, withNamespace: true);
        foreach (var part in Parts)
            fields[$"{About}.{part}"] = json[About].Text(part);
        fields["reason"] = json.Text("reason");
        fields["type"] = json.Text("type");
        var reporter = json.Text(form == EventForm.Core ? "reportingComponent" : "reportingController");
        var source = json[form == EventForm.Core ? "source" : "deprecatedSource"].Text("component");
        fields["reportingController"] = reporter;
        fields["source"] = source.Length > 0 ? source : reporter;
        return fields;
    }

    public override void Default(JsonObject json)
    {
        var core = form == EventForm.Core;
        json[core ? "source" : "deprecatedSource"] ??= new JsonObject();
        foreach (var time in new[] { core ? "firstTimestamp" : "deprecatedFirstTimestamp", core ? "lastTimestamp" : "deprecatedLastTimestamp", "eventTime" })
        {
            if (!json.ContainsKey(time))
                json[time] = null;
        }

        if (!core)
            return;
        json[About] ??= new JsonObject();
        json["reportingComponent"] ??= "";
        json["reportingInstance"] ??= "";
    }

    public override void CheckCreate(JsonObject json, FieldErrors faults) => EventRules.Check(CoreOf(json), form == EventForm.New, faults);

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults)
    {
        CheckCreate(next, faults);
        if (form == EventForm.New)
            EventRules.CheckUpdate(CoreOf(next), CoreOf(old), faults);
    }

    private JsonObject CoreOf(JsonObject json) => form == EventForm.Core ? json : form.ToStored(json);
}
