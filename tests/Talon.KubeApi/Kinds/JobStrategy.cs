using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>Jobs: labels and a selector with their own uid, a template that stays as it is.</summary>
internal sealed class JobStrategy : KindStrategy
{
    /// <summary>The name is the value of a label of its pods.</summary>
    private const int LongestName = 63;

    private static readonly string[] NotNegative = ["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"];

    public override bool HasGeneration => true;

    public override bool CanSelect(string field) => field is "metadata.name" or "metadata.namespace" or "status.successful";

    public override Dictionary<string, string> SelectableFields(JsonObject json)
    {
        var fields = Basic(json, withNamespace: true);
        fields["status.successful"] = (json["status"].Number("succeeded") ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return fields;
    }

    public override void Default(JsonObject json)
    {
        var spec = json.Map("spec");
        spec["parallelism"] ??= 1;
        spec["completions"] ??= 1;
        spec["backoffLimit"] ??= 6;
        spec["manualSelector"] ??= false;
        spec["completionMode"] ??= "NonIndexed";
        spec["suspend"] ??= false;
        spec["podReplacementPolicy"] ??= "TerminatingOrFailed";
        var uid = json.Meta().Text("uid");
        if (spec["selector"] is null && uid.Length > 0)
            spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = uid } };
        var template = spec.Map("template");
        var labels = template.Map("metadata").Map("labels");
        foreach (var prefix in new[] { "batch.kubernetes.io/", "" })
        {
            labels[$"{prefix}controller-uid"] ??= uid;
            labels[$"{prefix}job-name"] ??= json.Meta().Text("name");
        }

        // The labels of the job are those of its template where it was given none; a name that is too long is told of the template only.
        if (json.Meta()["labels"] is not JsonObject { Count: > 0 } && json.Meta().Text("name").Length <= LongestName)
            json.Meta()["labels"] = labels.DeepClone();
        var policy = template["spec"].Text("restartPolicy");
        PodStrategy.DefaultSpec(template.Map("spec"));
        if (policy.Length == 0)
            template.Map("spec").Remove("restartPolicy");
    }

    public override void CheckCreate(JsonObject json, FieldErrors faults)
    {
        CheckNumbers(json, faults);
        if (json.Meta().Text("name").Length > LongestName)
            faults.Invalid("spec.template.labels", json.Meta().Text("name"), "must be no more than 63 bytes", times: 2);
        if ((json["spec"]?["template"]?["spec"]).Text("restartPolicy") is not ("OnFailure" or "Never"))
            faults.Required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
    }

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults)
    {
        CheckNumbers(next, faults);
        foreach (var field in new[] { "template", "selector", "completionMode" })
        {
            if (!JsonNode.DeepEquals(next["spec"]?[field], old["spec"]?[field]))
                faults.Invalid($"spec.{field}", next["spec"]?[field], "field is immutable");
        }
    }

    private static void CheckNumbers(JsonObject json, FieldErrors faults)
    {
        foreach (var field in NotNegative)
        {
            if (json["spec"].Number(field) is < 0 and { } number)
                faults.Invalid($"spec.{field}", number, "must be greater than or equal to 0");
        }
    }
}
