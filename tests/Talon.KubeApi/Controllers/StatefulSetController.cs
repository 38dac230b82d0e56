using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>The numbered pods of a stateful set, all at once; each comes back under its name when it has gone.</summary>
internal sealed class StatefulSetController(ObjectStore store, DeleteHandler deleting, Owned owned)
{
    public void OnChange(StoredObject? old, StoredObject? now)
    {
        var changed = now ?? old!;
        if (now?.Kind == ResourceKinds.StatefulSets)
        {
            Reconcile(now.Namespace, now.Uid);
        }
        else if (changed.Kind == ResourceKinds.Pods)
        {
            foreach (var owner in changed.Owners)
                Reconcile(changed.Namespace, owner);
        }
    }

    private void Reconcile(string? ns, string uid)
    {
        if (owned.Current(ResourceKinds.StatefulSets, ns, uid) is not { } set)
            return;
        if (owned.MayMake(set))
            Scale(set);
        if (owned.Current(ResourceKinds.StatefulSets, ns, uid) is { } latest)
            owned.PutStatus(latest, Status(latest));
    }

    private void Scale(StoredObject set)
    {
        var wanted = (int)(set.ToJson()["spec"].Number("replicas") ?? 1);
        var names = Enumerable.Range(0, wanted).Select(i => $"{set.Name}-{i}").ToList();
        foreach (var extra in owned.Of(ResourceKinds.Pods, set).Where(p => !p.IsTerminating && !names.Contains(p.Name, StringComparer.Ordinal)))
            deleting.DeleteInternally(extra);
        for (var i = 0; i < wanted; i++)
        {
            if (store.Find(ResourceKinds.Pods, set.Namespace, names[i]) is not null)
                continue;
            var json = owned.Pod(set, names[i]);
            json.Meta().Map("labels")["apps.kubernetes.io/pod-index"] = $"{i}";
            json.Meta().Map("labels")["statefulset.kubernetes.io/pod-name"] = names[i];
            store.Put(ResourceKinds.Pods, json);
        }
    }

    private JsonObject Status(StoredObject set)
    {
        var active = owned.Of(ResourceKinds.Pods, set).Where(Owned.IsActive).ToList();
        var status = new JsonObject { ["observedGeneration"] = set.ToJson().Meta().Number("generation") ?? 1, ["replicas"] = active.Count };
        var ready = active.Count(Owned.IsReady);
        Owned.Count(status, "readyReplicas", ready);
        Owned.Count(status, "currentReplicas", active.Count);
        Owned.Count(status, "updatedReplicas", active.Count);
        status["availableReplicas"] = ready;
        return status;
    }
}
