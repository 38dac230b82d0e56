using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Talon.KubeApi;

namespace Talon.Sandbox;

/// <summary>
/// Makes the pods that events name, with the container ids of the events: Talon acts only on a pod that it recognises.
/// </summary>
internal sealed partial class EventPods(ClusterStore store)
{
    private readonly Dictionary<(string Namespace, string Pod), List<string>> _containers = [];

    /// <summary>Makes the pod of an event, or adds its container to it; an event that names none, or no possible one, makes none.</summary>
    /// <returns>Whether there is such a pod now.</returns>
    public bool Make(SandboxEvent falcoEvent) =>
        Name().IsMatch(falcoEvent.Namespace) && falcoEvent.Pod.Length <= 253 && falcoEvent.Pod.Split('.').All(label => Name().IsMatch(label))
        && Make(falcoEvent.Namespace, falcoEvent.Pod, falcoEvent.ContainerId);

    /// <summary>Makes a pod with a container of this id.</summary>
    public bool Make(string ns, string pod, string containerId)
    {
        if (!_containers.TryGetValue((ns, pod), out var ids))
        {
            ids = [];
            _containers.Add((ns, pod), ids);
            store.AddPod(ns, pod, new PodSeed { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = pod.Split('-')[0] } });
        }

        if (!ContainerId().IsMatch(containerId) || ids.Contains(containerId))
            return true;
        ids.Add(containerId);
        store.Update("pods", ns, pod, json => AddContainer(json, containerId, ids.Count));
        return true;
    }

    // The first id goes into the container that the pod has; for each further one there is another container.
    private static void AddContainer(JsonObject pod, string id, int count)
    {
        string full = $"containerd://{id.PadRight(64, '0')}";
        var statuses = pod["status"]!["containerStatuses"]!.AsArray();
        if (count == 1)
        {
            statuses[0]!["containerID"] = full;
            return;
        }

        var container = pod["spec"]!["containers"]![0]!.DeepClone();
        var status = statuses[0]!.DeepClone();
        container["name"] = $"app{count}";
        status["name"] = $"app{count}";
        status["containerID"] = full;
        pod["spec"]!["containers"]!.AsArray().Add(container);
        statuses.Add(status);
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^[0-9a-f]{12,64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContainerId();
}
