using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>One pod of a daemon set on each node, cordoned or not; a new one as soon as the old one has gone.</summary>
internal sealed class DaemonSetController(ObjectStore store, DeleteHandler deleting, Owned owned)
{
    public void OnChange(StoredObject? old, StoredObject? now)
    {
        var changed = now ?? old!;
        if (now?.Kind == ResourceKinds.DaemonSets)
        {
            Reconcile(now.Namespace, now.Uid);
        }
        else if (changed.Kind == ResourceKinds.Pods)
        {
            foreach (var owner in changed.Owners)
                Reconcile(changed.Namespace, owner);
        }
        else if (changed.Kind == ResourceKinds.Nodes && (old is null || now is null))
        {
            foreach (var set in store.Latest(ResourceKinds.DaemonSets).Objects.Values)
                Reconcile(set.Namespace, set.Uid);
        }
    }

    private void Reconcile(string? ns, string uid)
    {
        if (owned.Current(ResourceKinds.DaemonSets, ns, uid) is not { } set)
            return;
        var nodes = store.Latest(ResourceKinds.Nodes).Objects.Values.Where(n => Fits(set, n)).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        if (owned.MayMake(set))
        {
            var pods = owned.Of(ResourceKinds.Pods, set);
            foreach (var pod in pods.Where(p => !p.IsTerminating && !nodes.Contains(p.Fields["spec.nodeName"])))
                deleting.DeleteInternally(pod);
            foreach (var node in nodes.Order(StringComparer.Ordinal))
            {
                // Asked anew for each: a pod that is stored comes back here, and the rest is made by then.
                if (owned.Of(ResourceKinds.Pods, set).Any(p => p.Fields["spec.nodeName"] == node))
                    continue;
                var json = owned.Pod(set);
                json.Map("spec")["nodeName"] = node;
                store.Put(ResourceKinds.Pods, json);
            }
        }

        if (owned.Current(ResourceKinds.DaemonSets, ns, uid) is { } latest)
            owned.PutStatus(latest, Status(latest, nodes.Count));
    }

    private static bool Fits(StoredObject set, StoredObject node) =>
        !node.IsTerminating
        && (set.ToJson()["spec"]?["template"]?["spec"]?["nodeSelector"] as JsonObject ?? [])
            .All(w => node.Labels.TryGetValue(w.Key, out var value) && value == w.Value?.GetValue<string>());

    private JsonObject Status(StoredObject set, int nodes)
    {
        var active = owned.Of(ResourceKinds.Pods, set).Where(Owned.IsActive).ToList();
        var ready = active.Count(Owned.IsReady);
        var status = new JsonObject
        {
            ["currentNumberScheduled"] = active.Count,
            ["numberMisscheduled"] = 0,
            ["desiredNumberScheduled"] = nodes,
            ["numberReady"] = ready,
            ["observedGeneration"] = set.ToJson().Meta().Number("generation") ?? 1,
        };
        Owned.Count(status, "updatedNumberScheduled", active.Count);
        Owned.Count(status, "numberAvailable", ready);
        Owned.Count(status, "numberUnavailable", nodes - ready);
        return status;
    }
}
