using k8s;
using k8s.Models;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>DaemonSets of one pod, however many nodes the cluster has.</summary>
internal static class LoneDaemons
{
    /// <summary>Makes a DaemonSet for the node of a pod that it makes first, and waits until its pod runs.</summary>
    public static async Task<V1Pod> AddLoneDaemonAsync(this ClusterRig rig, string name)
    {
        var beside = await rig.AddPodAsync($"{name}-beside");
        var node = await rig.Client.CoreV1.ReadNodeAsync(beside.Spec.NodeName);
        return await rig.AddDaemonSetAsync(name, set => set.Spec.Template.Spec.NodeSelector = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["kubernetes.io/hostname"] = node.Metadata.Labels["kubernetes.io/hostname"],
        });
    }
}
