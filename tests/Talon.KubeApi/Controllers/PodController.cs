using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kinds;
using Talon.KubeApi.Kubelet;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>
/// Scheduler and kubelet in one: a new pod gets a node and runs within the same change, without a wait; a terminating one ends when
/// its grace is over and is removed shortly after.
/// </summary>
internal sealed class PodController(ObjectStore store, Identities identities, Waiting waiting, Timers timers, DeleteHandler deleting, NodeAgent agent)
{
    /// <summary>How long a real kubelet takes from the end of the containers to the removal of the pod (0.5 to 1 s measured).</summary>
    private static readonly TimeSpan Removal = TimeSpan.FromMilliseconds(800);

    /// <summary>How long a kubelet tries to pull an image before it says that it backs off.</summary>
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(15);

    /// <summary>How often a node that does not answer is looked at again.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private int _addresses;

    public string NextAddress() => PodStrategy.Address(Interlocked.Increment(ref _addresses));

    public void OnChange(StoredObject? old, StoredObject? now)
    {
        if (now?.Kind == ResourceKinds.Nodes)
        {
            foreach (var pod in store.Latest(ResourceKinds.Pods).Objects.Values.Where(p => p.Fields["spec.nodeName"].Length == 0))
                Start(pod);
        }
        else if (now?.Kind == ResourceKinds.Pods)
        {
            if (now.IsTerminating)
                Terminate(old, now);
            else if (old is null || old.Fields["spec.nodeName"] != now.Fields["spec.nodeName"])
                Start(now);
        }
    }

    private void Start(StoredObject pod)
    {
        if (pod.IsTerminating || pod.Fields["status.phase"] != "Pending")
            return;
        var json = pod.ToJson();
        var bound = pod.Fields["spec.nodeName"];
        if (bound.Length > 0)
        {
            if (store.Find(ResourceKinds.Nodes, null, bound) is null)
                return;
            if (json["spec"].Items("containers").Any(c => !agent.CanPull(c.Text("image"))))
            {
                NotPulled(pod, json);
                return;
            }

            PodStatus.Running(json, waiting.Now.Rfc3339(), ready: true, NextAddress(), identities);
            store.Put(ResourceKinds.Pods, json);
            return;
        }

        if (json["spec"].Text("schedulerName") != "default-scheduler" || json["spec"].Items("schedulingGates").Any())
            return;
        if (ChooseNode(json) is { } node)
        {
            json.Map("spec")["nodeName"] = node;
            PodStatus.Pending(json, waiting.Now.Rfc3339(), null);
        }
        else if (json["status"].Items("conditions").Any())
        {
            return;
        }
        else
        {
            PodStatus.Pending(json, waiting.Now.Rfc3339(), "0 nodes are available: none fits this pod.");
        }

        store.Put(ResourceKinds.Pods, json);
    }

    private void NotPulled(StoredObject pod, JsonObject json)
    {
        if (json["status"].Items("containerStatuses").Any())
            return;
        PodStatus.NotPulled(json, waiting.Now.Rfc3339(), PullState.Failed);
        store.Put(ResourceKinds.Pods, json);
        timers.After(waiting.Scaled(BackOff), () =>
        {
            lock (store.Gate)
            {
                if (Current(pod) is not { IsTerminating: false } found)
                    return;
                var later = found.ToJson();
                PodStatus.NotPulled(later, waiting.Now.Rfc3339(), PullState.BackOff);
                store.Put(ResourceKinds.Pods, later);
            }
        });
    }

    /// <summary>The fitting node with the fewest pods, by name where they are equal.</summary>
    private string? ChooseNode(JsonObject pod)
    {
        var wanted = pod["spec"]?["nodeSelector"] as JsonObject ?? [];
        var counts = store.Latest(ResourceKinds.Pods).Objects.Values.CountBy(p => p.Fields["spec.nodeName"]).ToDictionary(StringComparer.Ordinal);
        return store.Latest(ResourceKinds.Nodes).Objects.Values
            .Where(n => n.Fields["spec.unschedulable"] == "false" && !n.IsTerminating)
            .Where(n => wanted.All(w => n.Labels.TryGetValue(w.Key, out var value) && value == w.Value?.GetValue<string>()))
            .OrderBy(n => counts.GetValueOrDefault(n.Name))
            .ThenBy(n => n.Name, StringComparer.Ordinal)
            .FirstOrDefault()?.Name;
    }

    private void Terminate(StoredObject? old, StoredObject now)
    {
        var metadata = now.ToJson().Meta();
        var grace = metadata.Number("deletionGracePeriodSeconds") ?? 0;
        // A mirror pod is its own controller's business.
        if (PodStrategy.IsMirror(now.ToJson()))
            return;
        if (grace == 0 || (old is { IsTerminating: true } && old.ToJson().Meta().Number("deletionGracePeriodSeconds") == grace))
            return;
        var wait = TimeSpan.FromSeconds(grace);
        if (old is { IsTerminating: true })
        {
            var left = DateTimeOffset.Parse(metadata.Text("deletionTimestamp"), CultureInfo.InvariantCulture) - waiting.Now;
            wait = left < TimeSpan.Zero ? TimeSpan.Zero : left < wait ? left : wait;
        }

        timers.After(waiting.Scaled(wait), () => GraceOver(now, grace));
    }

    private void GraceOver(StoredObject pod, long grace)
    {
        lock (store.Gate)
        {
            if (Current(pod) is not { } found)
                return;
            var json = found.ToJson();
            if (json.Meta().Number("deletionGracePeriodSeconds") != grace)
                return;
            if (agent.IsLost(found.Fields["spec.nodeName"]))
            {
                // Nobody says that the containers have ended, until the kubelet is back.
                timers.After(waiting.Scaled(LookAgain), () => GraceOver(pod, grace));
                return;
            }

            PodStatus.Ended(json, waiting.Now.Rfc3339(), failed: true);
            store.Put(ResourceKinds.Pods, json);
        }

        timers.After(waiting.Scaled(Removal), () =>
        {
            lock (store.Gate)
            {
                if (Current(pod) is { } found)
                    deleting.DeleteInternally(found, grace: 0);
            }
        });
    }

    private StoredObject? Current(StoredObject pod) =>
        store.Find(ResourceKinds.Pods, pod.Namespace, pod.Name) is { } found && found.Uid == pod.Uid ? found : null;
}
