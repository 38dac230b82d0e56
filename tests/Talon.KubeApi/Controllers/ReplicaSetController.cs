using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>
/// Keeps the status of replica sets in step with their pods, within the same change. Replica sets that a client created also get
/// their pods made and removed; seeded ones only when asked for.
/// </summary>
internal sealed class ReplicaSetController(ObjectStore store, DeleteHandler deleting, Owned owned)
{
    private readonly HashSet<string> _passive = new(StringComparer.Ordinal);

    /// <summary>Leaves the pods of a replica set alone. The caller holds the gate, and does this before it stores the replica set.</summary>
    public void LeaveAlone(string uid) => _passive.Add(uid);

    public void OnChange(StoredObject? old, StoredObject? now)
    {
        var changed = now ?? old!;
        if (changed.Kind == ResourceKinds.ReplicaSets)
        {
            if (now is not null)
                Reconcile(now.Namespace!, now.Uid);
            else
                _passive.Remove(changed.Uid);
        }
        else if (changed.Kind == ResourceKinds.Pods)
        {
            foreach (var owner in (old?.Owners ?? []).Concat(now?.Owners ?? []).Distinct(StringComparer.Ordinal))
                Reconcile(changed.Namespace!, owner);
        }
    }

    private StoredObject? Find(string ns, string uid) => owned.Current(ResourceKinds.ReplicaSets, ns, uid);

    private List<StoredObject> Active(StoredObject set) => [.. owned.Of(ResourceKinds.Pods, set).Where(Owned.IsActive)];

    private void Reconcile(string ns, string uid)
    {
        if (Find(ns, uid) is not { } set)
            return;
        if (!_passive.Contains(uid) && !set.IsTerminating)
            Scale(set);
        if (Find(ns, uid) is not { } latest)
            return;
        var json = latest.ToJson();
        var active = Active(latest);
        var ready = active.Count(p => Owned.IsReady(p));
        var status = new JsonObject { ["replicas"] = active.Count };
        if (active.Count > 0)
            status["fullyLabeledReplicas"] = active.Count;
        if (ready > 0)
        {
            status["readyReplicas"] = ready;
            status["availableReplicas"] = ready;
        }

        status["observedGeneration"] = json.Meta().Number("generation") ?? 1;
        if (JsonNode.DeepEquals(json["status"], status))
            return;
        json["status"] = status;
        store.Put(ResourceKinds.ReplicaSets, json);
    }

    private void Scale(StoredObject set)
    {
        var wanted = set.ToJson()["spec"].Number("replicas") ?? 1;
        while (Active(set) is { } active && active.Count != wanted && owned.MayMake(set))
        {
            if (active.Count > wanted)
                deleting.DeleteInternally(active[^1]);
            else
                store.Put(ResourceKinds.Pods, owned.Pod(set));
        }
    }
}
