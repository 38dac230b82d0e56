using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>Puts the taint of a cordoned node on and takes it off again, as a version of its own after the client's.</summary>
internal sealed class NodeController(ObjectStore store, Waiting waiting, Timers timers)
{
    private const string Taint = "node.kubernetes.io/unschedulable";

    private static readonly TimeSpan Reaction = TimeSpan.FromMilliseconds(100);

    public void OnChange(StoredObject? now)
    {
        if (now?.Kind == ResourceKinds.Nodes && IsOff(now.ToJson()))
            timers.After(waiting.Scaled(Reaction), () => Follow(now.Name));
    }

    private static bool IsOff(JsonObject node) =>
        node["spec"].Flag("unschedulable") != node["spec"].Items("taints").Any(t => t.Text("key") == Taint);

    private void Follow(string name)
    {
        lock (store.Gate)
        {
            if (store.Find(ResourceKinds.Nodes, null, name)?.ToJson() is { } json && IsOff(json))
                Put(json);
        }
    }

    private void Put(JsonObject json)
    {
        var spec = json.Map("spec");
        var cordoned = spec.Flag("unschedulable");
        var kept = spec.Items("taints").Where(t => t.Text("key") != Taint).Select(t => t.DeepClone()).ToList();
        if (cordoned)
            kept.Add(new JsonObject { ["key"] = Taint, ["effect"] = "NoSchedule", ["timeAdded"] = waiting.Now.Rfc3339() });
        spec["taints"] = new JsonArray([.. kept]);
        if (kept.Count == 0)
            spec.Remove("taints");
        store.Put(ResourceKinds.Nodes, json);
    }
}
