using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>Puts the taint of a cordoned node on and takes it off again, as a version of its own after the client's.</summary>
internal sealed class NodeController(ObjectStore store, Waiting waiting)
{
    private const string Taint = "node.kubernetes.io/unschedulable";

    public void OnChange(StoredObject? now)
    {
        if (now?.Kind != ResourceKinds.Nodes)
            return;
        var json = now.ToJson();
        var spec = json.Map("spec");
        var cordoned = spec.Flag("unschedulable");
        var taints = spec.Items("taints").ToList();
        var tainted = taints.Exists(t => t.Text("key") == Taint);
        if (cordoned == tainted)
            return;
        var kept = taints.Where(t => t.Text("key") != Taint).Select(t => t.DeepClone()).ToList();
        if (cordoned)
            kept.Add(new JsonObject { ["key"] = Taint, ["effect"] = "NoSchedule", ["timeAdded"] = waiting.Now.Rfc3339() });
        spec["taints"] = new JsonArray([.. kept]);
        if (kept.Count == 0)
            spec.Remove("taints");
        store.Put(ResourceKinds.Nodes, json);
    }
}
