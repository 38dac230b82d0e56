using System.Text.Json.Nodes;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>Writes the status of pods as a kubelet does.</summary>
internal static class PodStatus
{
    public static void Pending(JsonObject pod, string now, string? why)
    {
        var status = pod.Map("status");
        status["phase"] = "Pending";
        var scheduled = Condition("PodScheduled", why is null, now, why is null ? null : "Unschedulable");
        if (why is not null)
            scheduled["message"] = why;
        status["conditions"] = new JsonArray(scheduled);
    }

    public static void Running(JsonObject pod, string now, bool ready, string podIp, Identities identities)
    {
        var status = pod.Map("status");
        var generation = pod.Meta().Number("generation") ?? 1;
        status["observedGeneration"] = generation;
        status["phase"] = "Running";
        status["conditions"] = new JsonArray(
            Condition("PodReadyToStartContainers", true, now),
            Condition("Initialized", true, now),
            Condition("Ready", ready, now, ready ? null : "ContainersNotReady"),
            Condition("ContainersReady", ready, now, ready ? null : "ContainersNotReady"),
            Condition("PodScheduled", true, now));
        status["hostIP"] = "127.0.0.1";
        status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = "127.0.0.1" });
        status["podIP"] = podIp;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = podIp });
        status["startTime"] = now;
        status["containerStatuses"] = new JsonArray([.. pod["spec"].Items("containers").Select(c => (JsonNode)Started(c, now, ready, identities))]);
        if (pod["spec"].Items("initContainers").Any())
            status["initContainerStatuses"] = new JsonArray([.. pod["spec"].Items("initContainers").Select(c => (JsonNode)Initialised(c, now, identities))]);
        status.Remove("qosClass", out var qos);
        status["qosClass"] = qos?.DeepClone() ?? "BestEffort";
    }

    public static void Ended(JsonObject pod, string now, bool failed)
    {
        var status = pod.Map("status");
        status["phase"] = failed ? "Failed" : "Succeeded";
        foreach (var condition in status.Items("conditions").Where(c => c.Text("type") is "Ready" or "ContainersReady" or "PodReadyToStartContainers"))
        {
            condition["status"] = "False";
            condition["lastTransitionTime"] = now;
            if (condition.Text("type") != "PodReadyToStartContainers")
                condition["reason"] = failed ? "PodFailed" : "PodCompleted";
        }

        foreach (var container in status.Items("containerStatuses"))
        {
            container["ready"] = false;
            container["started"] = false;
            var started = (container["state"]?["running"]).Text("startedAt");
            container["state"] = new JsonObject { ["terminated"] = Terminated(started.Length > 0 ? started : now, now, failed, container.Text("containerID")) };
        }
    }

    private static JsonObject Condition(string type, bool holds, string now, string? reason = null)
    {
        var condition = new JsonObject
        {
            ["type"] = type,
            ["observedGeneration"] = 1,
            ["status"] = holds ? "True" : "False",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = now,
        };
        if (reason is not null)
            condition["reason"] = reason;
        return condition;
    }

    private static JsonObject Started(JsonObject container, string now, bool ready, Identities identities) => new JsonObject
    {
        ["name"] = container.Text("name"),
        ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now } },
        ["lastState"] = new JsonObject(),
        ["ready"] = ready,
        ["restartCount"] = 0,
        ["image"] = container.Text("image"),
        ["imageID"] = $"sha256:{identities.Sha256()}",
        ["containerID"] = $"containerd://{identities.Sha256()}",
        ["started"] = true,
    };

    private static JsonObject Initialised(JsonObject container, string now, Identities identities)
    {
        var id = $"containerd://{identities.Sha256()}";
        return new JsonObject
        {
            ["name"] = container.Text("name"),
            ["state"] = new JsonObject { ["terminated"] = Terminated(now, now, failed: false, id) },
            ["lastState"] = new JsonObject(),
            ["ready"] = true,
            ["restartCount"] = 0,
            ["image"] = container.Text("image"),
            ["imageID"] = $"sha256:{identities.Sha256()}",
            ["containerID"] = id,
            ["started"] = false,
        };
    }

    /// <summary>All containers have ended, each as its state says.</summary>
    public static void EndedByItself(JsonObject pod, string now, bool failed)
    {
        var states = pod["status"].Items("containerStatuses").Select(c => c["state"]!.DeepClone()).ToList();
        Ended(pod, now, failed);
        foreach (var (container, state) in pod["status"].Items("containerStatuses").Zip(states))
            container["state"] = state;
    }

    /// <summary>The images cannot be pulled: the pod has its node and no container runs.</summary>
    public static void NotPulled(JsonObject pod, string now, Func<string, JsonObject> state)
    {
        Pending(pod, now, null);
        var waiting = pod["spec"].Items("containers").Select(c => (JsonNode)new JsonObject
        {
            ["name"] = c.Text("name"),
            ["state"] = state(c.Text("image")),
            ["lastState"] = new JsonObject(),
            ["ready"] = false,
            ["restartCount"] = 0,
            ["image"] = c.Text("image"),
            ["imageID"] = "",
            ["started"] = false,
        });
        pod.Map("status")["containerStatuses"] = new JsonArray([.. waiting]);
    }

    private static JsonObject Terminated(string started, string now, bool failed, string id) => Terminated(started, now, failed ? 137 : 0, id);

    public static JsonObject Terminated(string started, string now, int exitCode, string id) => new()
    {
        ["exitCode"] = (long)exitCode,
        ["reason"] = exitCode == 0 ? "Completed" : "Error",
        ["startedAt"] = started,
        ["finishedAt"] = now,
        ["containerID"] = id,
    };
}
