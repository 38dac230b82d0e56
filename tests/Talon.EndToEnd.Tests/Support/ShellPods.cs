using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>Pods whose containers do something, and their nodes: the same on the stand-in and on a real cluster.</summary>
internal static class ShellPods
{
    /// <summary>Makes a pod whose container main has a shell and waits, and waits until it runs.</summary>
    public static Task<V1Pod> AddShellPodAsync(this ClusterRig rig, string name, Action<V1Pod>? change = null) => rig.AddPodAsync(name, pod =>
    {
        pod.Spec.Containers[0] = Container("main");
        change?.Invoke(pod);
    });

    /// <summary>A container with a shell that waits.</summary>
    public static V1Container Container(string name) => new() { Name = name, Image = ClusterRig.ShellImage, Command = ["sleep", "3600"] };

    /// <summary>The absolute path of a file that commands of a container may write and read.</summary>
    public static string FileIn(this ClusterRig rig, V1Pod pod, string file, string container = "main") =>
        rig.ScriptedKubelets is { } kubelets ? Path.Combine(kubelets.HomeOf(rig.Namespace, pod.Metadata.Name, container), file) : $"/tmp/{file}";

    /// <summary>Makes a pod whose containers have each printed a text, and waits until its log can be read.</summary>
    public static async Task<V1Pod> AddPrintingPodAsync(this ClusterRig rig, string name, params (string Container, string Text)[] prints)
    {
        var pod = await rig.AddPodAsync(name, pod => pod.Spec.Containers =
        [
            .. prints.Select(print => new V1Container
            {
                Name = print.Container,
                Image = ClusterRig.ShellImage,
                Command = ["sh", "-c", "printf %s \"$0\"; exec sleep 3600", print.Text],
            }),
        ]);
        foreach (var (container, text) in prints)
        {
            // The stand-in runs no container, so what one prints is put there.
            rig.ScriptedKubelets?.SetLog(rig.Namespace, name, container, Encoding.UTF8.GetBytes(text));
            await Eventually.TrueAsync(
                async () =>
                {
                    await using var log = await rig.Client.CoreV1.ReadNamespacedPodLogAsync(name, rig.Namespace, container);
                    using var reader = new StreamReader(log);
                    return await reader.ReadToEndAsync() == text;
                },
                () => $"the container {container} of {name} does not print");
        }

        return pod;
    }

    /// <summary>Lets pods on a node again, and waits until the taint of the cordon is gone.</summary>
    public static async Task UncordonAsync(this ClusterRig rig, string node)
    {
        var patch = new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = null } };
        await rig.Client.CoreV1.PatchNodeAsync(new V1Patch(patch, V1Patch.PatchType.MergePatch), node);
        await Eventually.TrueAsync(
            async () => (await rig.Client.CoreV1.ReadNodeAsync(node)).Spec.Taints?.Any(taint => taint.Key == "node.kubernetes.io/unschedulable") != true,
            () => $"the node {node} keeps the taint of its cordon");
    }
}
