using System.Text.Json.Nodes;

namespace Talon.KubeApi.Tests;

/// <summary>Controllers that make pods, and what becomes of the pods when their owners go.</summary>
public sealed class WorkloadTests
{
    private const string Apps = "/apis/apps/v1/namespaces/shop";

    [Fact]
    public async Task Deployment_Created_HasAReplicaSetWithPodsAndItsStatus()
    {
        await using var server = await StartAsync("deployments", "\"replicas\":2,");
        var set = Assert.Single(server.Store.List("replicasets", "shop"));
        Assert.Equal(2, server.Store.List("pods", "shop").Count);
        Assert.StartsWith("web-", set.Name, StringComparison.Ordinal);
        var status = server.Store.Find("deployments", "shop", "web")!.ToJson()["status"]!;
        Assert.Equal((2, 2, 2), ((int)status["replicas"]!, (int)status["readyReplicas"]!, (int)status["updatedReplicas"]!));
    }

    [Fact]
    public async Task Deployment_TemplateChanged_GetsANewReplicaSetAndRevision()
    {
        await using var server = await StartAsync("deployments", "\"replicas\":1,");
        var before = Assert.Single(server.Store.List("replicasets", "shop")).Name;
        const string Patch = "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"n\":\"1\"}}}}}";
        await server.SendAsync("PATCH", $"{Apps}/deployments/web", Patch, Harness.MergePatch);
        Assert.Equal(2, server.Store.List("replicasets", "shop").Count);
        Assert.Equal(0, (int)server.Store.Find("replicasets", "shop", before)!.ToJson()["spec"]!["replicas"]!);
        Assert.Single(server.Store.List("pods", "shop"), p => !p.IsTerminating);
        var revision = server.Store.Find("deployments", "shop", "web")!.ToJson()["metadata"]!["annotations"]!["deployment.kubernetes.io/revision"];
        Assert.Equal("2", (string?)revision);
    }

    [Fact]
    public async Task Deployment_DeletedWithoutPolicy_TakesReplicaSetsAndPodsAlong()
    {
        await using var server = await StartAsync("deployments", "\"replicas\":2,");
        Assert.Equal(200, (await server.SendAsync("DELETE", $"{Apps}/deployments/web")).Status);
        await Harness.EventuallyAsync(() => server.Store.List("replicasets", "shop").Count + server.Store.List("pods", "shop").Count == 0);
    }

    [Fact]
    public async Task Deployment_DeletedForeground_GoesLast()
    {
        await using var server = await StartAsync("deployments", "\"replicas\":1,");
        server.Store.Update("pods", "shop", server.Store.List("pods", "shop")[0].Name, p => p["metadata"]!["finalizers"] = new JsonArray("x/hold"));
        var (_, answer) = await server.SendAsync("DELETE", $"{Apps}/deployments/web?propagationPolicy=Foreground");
        Assert.Equal("foregroundDeletion", (string?)answer!["metadata"]!["finalizers"]![0]);
        await Harness.EventuallyAsync(() => server.Store.List("pods", "shop")[0].IsTerminating);
        Assert.NotNull(server.Store.Find("deployments", "shop", "web"));
        Assert.True(Assert.Single(server.Store.List("replicasets", "shop")).IsTerminating);
        server.Store.Remove("pods", "shop", server.Store.List("pods", "shop")[0].Name);
        await Harness.EventuallyAsync(() => server.Store.Find("deployments", "shop", "web") is null);
        Assert.Empty(server.Store.List("replicasets", "shop"));
    }

    [Fact]
    public async Task DaemonSet_PodGone_IsReplacedOnACordonedNodeToo()
    {
        await using var server = await StartAsync("daemonsets", "");
        server.Store.AddNode("node2");
        Assert.Equal(["node1", "node2"], Nodes(server));
        await server.SendAsync("PATCH", "/api/v1/nodes/node2", "{\"spec\":{\"unschedulable\":true}}", Harness.MergePatch);
        var old = server.Store.List("pods", "shop").Single(p => NodeOf(p) == "node2");
        await server.SendAsync("DELETE", $"/api/v1/namespaces/shop/pods/{old.Name}");
        await Harness.EventuallyAsync(() => server.Store.FindPod("shop", old.Name) is null);
        Assert.Equal(["node1", "node2"], Nodes(server));
        Assert.Equal(2, (int)server.Store.Find("daemonsets", "shop", "web")!.ToJson()["status"]!["numberReady"]!);
    }

    [Fact]
    public async Task StatefulSet_PodGone_ComesBackUnderItsName()
    {
        await using var server = await StartAsync("statefulsets", "\"replicas\":2,");
        Assert.Equal(["web-0", "web-1"], server.Store.List("pods", "shop").Select(p => p.Name));
        var uid = server.Store.FindPod("shop", "web-0")!.Uid;
        await server.SendAsync("DELETE", "/api/v1/namespaces/shop/pods/web-0");
        await Harness.EventuallyAsync(() => server.Store.FindPod("shop", "web-0") is { IsTerminating: false } found && found.Uid != uid);
        await server.SendAsync("PATCH", $"{Apps}/statefulsets/web", "{\"spec\":{\"replicas\":1}}", Harness.MergePatch);
        await Harness.EventuallyAsync(() => server.Store.List("pods", "shop").Count == 1);
        Assert.NotNull(server.Store.FindPod("shop", "web-0"));
    }

    [Fact]
    public async Task Job_DeletedWithoutPolicy_LetsItsPodsGo()
    {
        await using var server = await StartAsync(null, "");
        const string Jobs = "/apis/batch/v1/namespaces/shop/jobs";
        await server.SendAsync(
            "POST",
            Jobs,
            "{\"metadata\":{\"name\":\"j\"},\"spec\":{\"suspend\":true,"
            + "\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}");
        server.Store.AddPod("shop", "j-1", new PodSeed { Owner = OwnerSeed.Of(server.Store.Find("jobs", "shop", "j")!) });
        Assert.Equal("orphan", (string?)(await server.SendAsync("DELETE", $"{Jobs}/j")).Body!["metadata"]!["finalizers"]![0]);
        await Harness.EventuallyAsync(() => server.Store.Find("jobs", "shop", "j") is null);
        var pod = server.Store.FindPod("shop", "j-1")!;
        Assert.False(pod.IsTerminating);
        Assert.Null(pod.ToJson()["metadata"]!["ownerReferences"]);
    }

    [Fact]
    public async Task Namespace_Deleted_TakesAllKindsAlong()
    {
        await using var server = await StartAsync("deployments", "\"replicas\":1,");
        await server.SendAsync("POST", "/api/v1/namespaces/shop/secrets", "{\"metadata\":{\"name\":\"s\"}}");
        await server.SendAsync("POST", "/api/v1/namespaces/shop/events", "{\"metadata\":{\"name\":\"e\"},\"involvedObject\":{\"namespace\":\"shop\"}}");
        await server.SendAsync("DELETE", "/api/v1/namespaces/shop");
        await Harness.EventuallyAsync(() => server.Store.Find("namespaces", null, "shop") is null);
        Assert.Empty(server.Store.List("pods", "shop"));
        Assert.Empty(server.Store.List("events", "shop"));
    }

    private static async Task<KubeApiServer> StartAsync(string? resource, string spec)
    {
        var server = await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = 0.001 });
        server.Store.AddNamespace("shop");
        if (resource is not null)
        {
            var body = $"{{\"metadata\":{{\"name\":\"web\"}},\"spec\":{{{spec}\"selector\":{{\"matchLabels\":{{\"app\":\"web\"}}}},"
                + "\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}";
            Assert.Equal(201, (await server.SendAsync("POST", $"{Apps}/{resource}", body)).Status);
        }

        return server;
    }

    private static IEnumerable<string?> Nodes(KubeApiServer server) =>
        server.Store.List("pods", "shop").Where(p => !p.IsTerminating).Select(NodeOf).Order(StringComparer.Ordinal);

    private static string? NodeOf(StoredObject pod) => (string?)pod.ToJson()["spec"]!["nodeName"];
}
