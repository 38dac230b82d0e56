using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kinds;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>
/// The kubelet's part for mirror pods: a deleted one is removed without its grace, and at once there is another of the same name, since the
/// static pod behind it has never ended.
/// </summary>
internal sealed class MirrorController(ObjectStore store, CreateHandler creating, Waiting waiting, Timers timers)
{
    private static readonly TimeSpan Reaction = TimeSpan.FromMilliseconds(50);

    public void OnChange(StoredObject? old, StoredObject? now)
    {
        if (now is { IsTerminating: true } && old is { IsTerminating: false } && IsMirror(now))
            timers.After(waiting.Scaled(Reaction), () => Remove(now));
        else if (now is null && old is not null && IsMirror(old))
            timers.After(waiting.Scaled(Reaction), () => Return(old));
    }

    private static bool IsMirror(StoredObject stored) => stored.Kind == ResourceKinds.Pods && PodStrategy.IsMirror(stored.ToJson());

    private void Remove(StoredObject pod)
    {
        lock (store.Gate)
        {
            if (store.Find(ResourceKinds.Pods, pod.Namespace, pod.Name) is not { } found || found.Uid != pod.Uid)
                return;
            store.Remove(found);
            Return(found);
        }
    }

    private void Return(StoredObject gone)
    {
        lock (store.Gate)
        {
            if (store.Find(ResourceKinds.Namespaces, null, gone.Namespace!) is null or { IsTerminating: true }
                || store.Find(ResourceKinds.Pods, gone.Namespace, gone.Name) is not null)
            {
                return;
            }

            var old = gone.ToJson();
            var metadata = new JsonObject();
            foreach (var name in new[] { "name", "namespace", "labels", "annotations", "ownerReferences" })
                metadata[name] = old.Meta()[name]?.DeepClone();
            var json = new JsonObject { ["metadata"] = metadata, ["spec"] = old["spec"]?.DeepClone() };
            creating.Prepare(ResourceKinds.Pods, json);
            store.Put(ResourceKinds.Pods, json);
        }
    }
}
