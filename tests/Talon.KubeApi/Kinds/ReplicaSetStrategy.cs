using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

internal sealed class ReplicaSetStrategy : KindStrategy
{
    public override bool HasGeneration => true;

    public override bool CanSelect(string field) => field is "metadata.name" or "metadata.namespace" or "status.replicas";

    public override Dictionary<string, string> SelectableFields(JsonObject json)
    {
        var fields = Basic(json, withNamespace: true);
        fields["status.replicas"] = (json["status"].Number("replicas") ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return fields;
    }

    public override void Default(JsonObject json)
    {
        var spec = json.Map("spec");
        spec["replicas"] ??= 1;
        if (spec["template"]?["spec"] is JsonObject pod)
            PodStrategy.DefaultSpec(pod);
    }

    public override JsonObject InitialStatus(JsonObject json) => new() { ["replicas"] = 0 };

    public override void CheckCreate(JsonObject json, FieldErrors faults)
    {
        if (json["spec"].Number("replicas") is < 0 and var replicas)
            faults.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
        if (json["spec"]?["selector"] is not JsonObject { Count: > 0 } selector)
        {
            faults.Required("spec.selector");
            return;
        }

        if (!json["spec"]?["template"]?["spec"].Items("containers").Any() ?? true)
            faults.Required("spec.template.spec.containers");
        var labels = json["spec"]?["template"]?["metadata"]?["labels"] as JsonObject ?? [];
        if (selector["matchLabels"] is JsonObject match && match.Any(m => !JsonNode.DeepEquals(labels[m.Key], m.Value)))
            faults.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
    }

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults)
    {
        CheckCreate(next, faults);
        if (!JsonNode.DeepEquals(next["spec"]?["selector"], old["spec"]?["selector"]))
            faults.Invalid("spec.selector", next["spec"]?["selector"], "field is immutable");
    }
}
