using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Controllers;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Kubelet;

/// <summary>
/// The life of containers over time: ephemeral ones of running pods wait, run and end; those of pods of a job, or with a fate that a test
/// gave, end too. All others run as long as their pod.
/// </summary>
internal sealed class ContainerRuns(ObjectStore store, Identities identities, Waiting waiting, Timers timers, NodeAgent agent)
{
    private static readonly TimeSpan Creating = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Starting = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pulling = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(15);

    private readonly HashSet<(string Uid, string Container)> _seen = [];

    public void OnChange(StoredObject? old, StoredObject? now)
    {
        if (now is null && old!.Kind == ResourceKinds.Pods)
            _seen.RemoveWhere(s => s.Uid == old.Uid);
        if (now?.Kind != ResourceKinds.Pods || now.IsTerminating || now.Fields["status.phase"] != "Running" || agent.IsLost(now.Fields["spec.nodeName"]))
            return;
        var json = now.ToJson();
        foreach (var container in json["spec"].Items("ephemeralContainers"))
        {
            if (_seen.Add((now.Uid, container.Text("name"))) && PodContainers.Status(json, container.Text("name")) is null)
                After(Creating, now, container, Create);
        }

        foreach (var container in json["spec"].Items("containers"))
        {
            if (_seen.Add((now.Uid, container.Text("name"))) && FateOf(now, json, container) is { EndsAfter: { } wait } fate)
                After(wait, now, container, (pod, spec) => End(pod, spec, fate.ExitCode));
        }
    }

    private ContainerFate? FateOf(StoredObject pod, JsonObject json, JsonObject container)
    {
        var started = Started(pod, container);
        return agent.GivenFate(started) ?? (json.Meta().Items("ownerReferences").Any(o => o.Text("kind") == "Job") ? ContainerFate.Of(started.Command) : null);
    }

    private void Create(JsonObject pod, JsonObject container)
    {
        SetState(pod, container, new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } });
        var stored = store.Put(ResourceKinds.Pods, pod);
        if (agent.CanPull(container.Text("image")))
            After(Starting, stored, container, Run);
        else if (container.Text("imagePullPolicy") == "Never")
            After(Starting, stored, container, NeverPull);
        else
            After(Pulling, stored, container, FailToPull);
    }

    private void Run(JsonObject pod, JsonObject container)
    {
        SetState(pod, container, new JsonObject { ["running"] = new JsonObject { ["startedAt"] = waiting.Now.Rfc3339() } });
        var status = PodContainers.Status(pod, container.Text("name"))!;
        status["imageID"] = $"sha256:{identities.Sha256()}";
        status["containerID"] = $"containerd://{identities.Sha256()}";
        var stored = store.Put(ResourceKinds.Pods, pod);
        var started = Started(stored, container);
        var fate = agent.GivenFate(started) ?? ContainerFate.Of(started.Command);
        if (fate.EndsAfter is { } wait)
            After(wait, stored, container, (p, c) => End(p, c, fate.ExitCode));
    }

    private void NeverPull(JsonObject pod, JsonObject container)
    {
        var why = $"Container image \"{container.Text("image")}\" is not present with pull policy of Never";
        SetState(pod, container, PullState.Of("ErrImageNeverPull", why));
        store.Put(ResourceKinds.Pods, pod);
    }

    private void FailToPull(JsonObject pod, JsonObject container)
    {
        SetState(pod, container, PullState.Failed(container.Text("image")));
        After(BackOff, store.Put(ResourceKinds.Pods, pod), container, (p, c) =>
        {
            SetState(p, c, PullState.BackOff(c.Text("image")));
            store.Put(ResourceKinds.Pods, p);
        });
    }

    private void End(JsonObject pod, JsonObject container, int exitCode)
    {
        var name = container.Text("name");
        if (PodContainers.Status(pod, name) is not { } status || status["state"]?["running"] is not { } running)
            return;
        status["ready"] = false;
        status["state"] = new JsonObject { ["terminated"] = PodStatus.Terminated(running.Text("startedAt"), waiting.Now.Rfc3339(), exitCode, status.Text("containerID")) };
        agent.Stop(pod.Meta().Text("uid"), name);
        var all = pod["status"].Items("containerStatuses").ToList();
        if (pod["spec"].Text("restartPolicy") != "Always" && all.All(c => c["state"]?["terminated"] is not null))
            PodStatus.EndedByItself(pod, waiting.Now.Rfc3339(), all.Any(c => c["state"]!["terminated"].Number("exitCode") != 0));
        store.Put(ResourceKinds.Pods, pod);
    }

    private static void SetState(JsonObject pod, JsonObject container, JsonObject state)
    {
        var name = container.Text("name");
        if (PodContainers.Status(pod, name) is { } known)
        {
            known["state"] = state;
            return;
        }

        var list = pod.Map("status")["ephemeralContainerStatuses"] as JsonArray ?? [];
        pod.Map("status").Remove("ephemeralContainerStatuses");
        list.Add((JsonNode)new JsonObject
        {
            ["name"] = name,
            ["state"] = state,
            ["lastState"] = new JsonObject(),
            ["ready"] = false,
            ["restartCount"] = 0,
            ["image"] = container.Text("image"),
            ["imageID"] = "",
        });
        // The kubelet sorts them by name.
        var sorted = list.OfType<JsonObject>().OrderBy(c => c.Text("name"), StringComparer.Ordinal).Select(c => (JsonNode)c.DeepClone());
        pod.Map("status")["ephemeralContainerStatuses"] = new JsonArray([.. sorted]);
    }

    private static StartedContainer Started(StoredObject pod, JsonObject container) => new(
        pod.Namespace!,
        pod.Name,
        container.Text("name"),
        container.Text("image"),
        [.. Texts(container["command"]), .. Texts(container["args"])]);

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(t => t?.GetValue<string>() ?? "");

    /// <summary>Goes on with a container after a wait, if its pod is still there and has not ended.</summary>
    private void After(TimeSpan wait, StoredObject pod, JsonObject container, Action<JsonObject, JsonObject> next) => timers.After(waiting.Scaled(wait), () =>
    {
        lock (store.Gate)
        {
            if (store.Find(ResourceKinds.Pods, pod.Namespace, pod.Name) is { } found && found.Uid == pod.Uid && found.Fields["status.phase"] == "Running")
                next(found.ToJson(), container);
        }
    });
}
