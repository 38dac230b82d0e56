using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>Deployments, daemon sets and stateful sets: a selector, a template, a status that controllers write.</summary>
internal sealed class WorkloadStrategy : KindStrategy
{
    private readonly ReplicaSetStrategy _common = new();

    public override bool HasGeneration => true;

    public override void Default(JsonObject json)
    {
        var spec = json.Map("spec");
        if (json.Text("kind") is "Deployment" or "StatefulSet")
            spec["replicas"] ??= 1;
        spec["revisionHistoryLimit"] ??= 10;
        if (spec["template"]?["spec"] is JsonObject pod)
            PodStrategy.DefaultSpec(pod);
        switch (json.Text("kind"))
        {
            case "Deployment":
                spec["progressDeadlineSeconds"] ??= 600;
                spec["strategy"] ??= new JsonObject
                {
                    ["type"] = "RollingUpdate",
                    ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = "25%", ["maxSurge"] = "25%" },
                };
                break;
            case "DaemonSet":
                json.Meta().Map("annotations")["deprecated.daemonset.template.generation"] ??= "1";
                spec["updateStrategy"] ??= new JsonObject
                {
                    ["type"] = "RollingUpdate",
                    ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 1, ["maxSurge"] = 0 },
                };
                break;
            case "StatefulSet":
                spec["podManagementPolicy"] ??= "OrderedReady";
                spec["updateStrategy"] ??= new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["partition"] = 0 } };
                break;
        }
    }

    public override void CheckCreate(JsonObject json, FieldErrors faults) => _common.CheckCreate(json, faults);

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults) => _common.CheckUpdate(next, old, faults);
}
