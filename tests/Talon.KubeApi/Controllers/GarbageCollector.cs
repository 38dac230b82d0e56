using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>Removes what a deleted owner leaves behind, or lets it go, as the propagation policy of the DELETE said.</summary>
internal sealed class GarbageCollector(ObjectStore store, Waiting waiting, Timers timers, DeleteHandler deleting)
{
    private static readonly TimeSpan Reaction = TimeSpan.FromMilliseconds(500);

    public void OnChange(StoredObject? old, StoredObject? now)
    {
        if (now is null && old is not null)
        {
            if (store.DependentsOf(old.Uid).Count > 0)
                timers.After(waiting.Scaled(Reaction), () => Collect(old.Uid));
            foreach (var owner in old.Owners)
                timers.After(waiting.Scaled(Reaction), () => Finish(owner, "foregroundDeletion"));
        }
        else if (now is { IsTerminating: true } && old is not { IsTerminating: true })
        {
            if (Holds(now, "foregroundDeletion"))
                timers.After(waiting.Scaled(Reaction), () => Collect(now.Uid));
            if (Holds(now, "orphan"))
                timers.After(waiting.Scaled(Reaction), () => LetGo(now.Uid));
        }
    }

    private void Collect(string uid)
    {
        lock (store.Gate)
        {
            // What keeps a foreground deletion waiting is deleted the same way: its own dependents go first.
            var foreground = store.FindByUid(uid) is not null;
            foreach (var dependent in store.DependentsOf(uid))
                deleting.DeleteInternally(dependent, propagation: foreground ? "Foreground" : "Background");
        }

        Finish(uid, "foregroundDeletion");
    }

    private void LetGo(string uid)
    {
        lock (store.Gate)
        {
            foreach (var dependent in store.DependentsOf(uid))
            {
                var json = dependent.ToJson();
                var kept = json.Meta().Items("ownerReferences").Where(o => o.Text("uid") != uid).Select(o => o.DeepClone()).ToArray();
                json.Meta()["ownerReferences"] = new JsonArray(kept);
                store.Put(dependent.Kind, json);
            }
        }

        Finish(uid, "orphan");
    }

    /// <summary>Takes the finalizer off an owner that has no dependents left, and removes the owner with its last one.</summary>
    private void Finish(string uid, string finalizer)
    {
        lock (store.Gate)
        {
            var owner = store.FindByUid(uid);
            if (owner is not { IsTerminating: true } || !Holds(owner, finalizer) || store.DependentsOf(uid).Count > 0)
                return;
            var json = owner.ToJson();
            var left = MetadataRules.Finalizers(json).Where(f => f != finalizer).Select(f => (JsonNode)f).ToArray();
            if (left.Length == 0)
            {
                store.Remove(owner);
                return;
            }

            json.Meta()["finalizers"] = new JsonArray(left);
            store.Put(owner.Kind, json);
        }
    }

    private static bool Holds(StoredObject stored, string finalizer) =>
        MetadataRules.Finalizers(stored.ToJson()).Contains(finalizer, StringComparer.Ordinal);
}
