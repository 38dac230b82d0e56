using Talon.KubeApi.Api;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>Empties a terminating namespace and removes it when nothing is left in it.</summary>
internal sealed class NamespaceController(ObjectStore store, Waiting waiting, Timers timers, DeleteHandler deleting)
{
    private static readonly TimeSpan Reaction = TimeSpan.FromMilliseconds(500);

    public void OnChange(StoredObject? old, StoredObject? now)
    {
        if (now?.Kind == ResourceKinds.Namespaces && now.IsTerminating && old is { IsTerminating: false })
            timers.After(waiting.Scaled(Reaction), () => Empty(now.Name));
        else if (now is null && old?.Namespace is { } ns && store.Find(ResourceKinds.Namespaces, null, ns) is { IsTerminating: true } emptied)
            timers.After(waiting.Scaled(Reaction), () => RemoveIfEmpty(emptied.Name));
    }

    private void Empty(string ns)
    {
        lock (store.Gate)
        {
            foreach (var found in Content(ns).ToList())
                deleting.DeleteInternally(found);
        }

        RemoveIfEmpty(ns);
    }

    private void RemoveIfEmpty(string ns)
    {
        lock (store.Gate)
        {
            if (store.Find(ResourceKinds.Namespaces, null, ns) is { IsTerminating: true } found && !Content(ns).Any())
                store.Remove(found);
        }
    }

    private IEnumerable<StoredObject> Content(string ns) =>
        ResourceKinds.Stored.Where(k => k.Namespaced).SelectMany(k => store.Latest(k).Objects.Values).Where(o => o.Namespace == ns);
}
