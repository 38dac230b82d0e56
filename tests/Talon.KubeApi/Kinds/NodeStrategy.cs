using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

internal sealed class NodeStrategy : KindStrategy
{
    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public override bool CanSelect(string field) => field is "metadata.name" or "spec.unschedulable";

    public override Dictionary<string, string> SelectableFields(JsonObject json)
    {
        var fields = Basic(json, withNamespace: false);
        fields["spec.unschedulable"] = json["spec"].Flag("unschedulable") ? "true" : "false";
        return fields;
    }

    public override void Default(JsonObject json)
    {
        var spec = json.Map("spec");
        if (!spec.Flag("unschedulable"))
            spec.Remove("unschedulable");
        if (spec["taints"] is JsonArray { Count: 0 })
            spec.Remove("taints");
    }

    public override void CheckCreate(JsonObject json, FieldErrors faults) => CheckTaints(json, faults, 1);

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults) => CheckTaints(next, faults, 2);

    private static void CheckTaints(JsonObject json, FieldErrors faults, int times)
    {
        var index = 0;
        foreach (var taint in json["spec"].Items("taints"))
        {
            var effect = taint.Text("effect");
            if (!Effects.Contains(effect, StringComparer.Ordinal))
                faults.NotSupported($"metadata.taints[{index}].effect", FieldErrors.Quote(effect), Effects, times);
            index++;
        }
    }
}
