using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Talon.KubeApi.Tests;

/// <summary>The official client against the server.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task Client_PodFromCreateToGone_Works()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = 0.001 });
        using var client = server.Client();
        var created = await client.CoreV1.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { GenerateName = "web-", Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" } },
                Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = "busybox:1.36" }] },
            },
            "default");
        Assert.Equal("Pending", created.Status.Phase);
        var pod = await client.CoreV1.ReadNamespacedPodAsync(created.Name(), "default");
        Assert.Equal("Running", pod.Status.Phase);
        Assert.StartsWith("containerd://", pod.Status.ContainerStatuses[0].ContainerID, StringComparison.Ordinal);
        Assert.Equal("node1", pod.Spec.NodeName);

        var listed = await client.CoreV1.ListNamespacedPodAsync("default", labelSelector: "app=web", fieldSelector: "spec.nodeName=node1");
        Assert.Equal(pod.Uid(), Assert.Single(listed.Items).Uid());
        var patched = await client.CoreV1.PatchNamespacedPodAsync(
            new V1Patch("{\"metadata\":{\"labels\":{\"seen\":\"yes\"}}}", V1Patch.PatchType.MergePatch), pod.Name(), "default");
        Assert.Equal("yes", patched.Labels()["seen"]);

        var deleted = await client.CoreV1.DeleteNamespacedPodAsync(
            pod.Name(), "default", new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = pod.Uid() } });
        Assert.NotNull(deleted.Metadata.DeletionTimestamp);
        Assert.Equal(30, deleted.Metadata.DeletionGracePeriodSeconds);
        await Harness.EventuallyAsync(() => server.Store.FindPod("default", pod.Name()) is null);
        var missing = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ReadNamespacedPodAsync(pod.Name(), "default"));
        Assert.Equal(HttpStatusCode.NotFound, missing.Response.StatusCode);
    }

    [Fact]
    public async Task Client_CordonByStrategicMerge_TaintFollowsAndPodsStayPending()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = 0 });
        using var client = server.Client();
        await client.CoreV1.PatchNodeAsync(new V1Patch("{\"spec\":{\"unschedulable\":true}}", V1Patch.PatchType.StrategicMergePatch), "node1");
        await Harness.EventuallyAsync(() => server.Store.Find("nodes", null, "node1")!.ToJson()["spec"]!["taints"] is not null);
        await server.SendAsync("POST", "/api/v1/namespaces/default/pods", "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        Assert.Equal("Pending", (await client.CoreV1.ReadNamespacedPodAsync("a", "default")).Status.Phase);
        await client.CoreV1.PatchNodeAsync(new V1Patch("{\"spec\":{\"unschedulable\":null}}", V1Patch.PatchType.MergePatch), "node1");
        Assert.Equal("Running", (await client.CoreV1.ReadNamespacedPodAsync("a", "default")).Status.Phase);
    }

    [Fact]
    public async Task Client_KubeconfigWithToken_IsLetIn()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "secret" });
        try
        {
            using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(server.WriteKubeconfig(path)));
            Assert.Single((await client.CoreV1.ListNodeAsync()).Items);
            Assert.Equal("36", (await client.Version.GetCodeAsync()).Minor);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task StopListening_ThenStart_SamePortAndState()
    {
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddPod("shop", "cart");
        using var client = server.Client();
        var before = server.BaseUri;
        await client.CoreV1.ReadNamespacedPodAsync("cart", "shop");
        await server.StopListeningAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.CoreV1.ReadNamespacedPodAsync("cart", "shop"));
        await server.StartListeningAsync();
        Assert.Equal(before, server.BaseUri);
        Assert.Equal("cart", (await client.CoreV1.ReadNamespacedPodAsync("cart", "shop")).Name());
    }
}
