using System.Text.Json.Nodes;

namespace Talon.KubeApi.Tests;

/// <summary>Evictions and the budgets that hold them back, beyond the recorded cases.</summary>
public sealed class EvictionTests
{
    private const string Budgets = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets";

    [Fact]
    public async Task Budget_StatusFollowsItsPods()
    {
        await using var server = await StartAsync("\"minAvailable\":1");
        Assert.Equal((1, 2, 1, 2), Numbers(server));
        await server.SendAsync("DELETE", "/api/v1/namespaces/shop/pods/a");
        Assert.Equal((0, 1, 1, 2), Numbers(server));
        server.Store.AddPod("shop", "c", new PodSeed { Labels = Labels });
        Assert.Equal((1, 2, 1, 3), Numbers(server));
        server.Store.AddPod("shop", "d", new PodSeed { Labels = Labels, Ready = false });
        Assert.Equal((1, 2, 1, 4), Numbers(server));
    }

    [Fact]
    public async Task Evict_OneDisruptionAllowed_SecondIsHeldBackUntilTheReplacementIsReady()
    {
        await using var server = await StartAsync("\"minAvailable\":1");
        Assert.Equal(201, (await EvictAsync(server, "a")).Status);
        Assert.Equal(429, (await EvictAsync(server, "b")).Status);
        Assert.NotNull(server.Store.FindPod("shop", "b"));
        server.Store.AddPod("shop", "c", new PodSeed { Labels = Labels });
        Assert.Equal(201, (await EvictAsync(server, "b")).Status);
        Assert.True(server.Store.FindPod("shop", "b")!.IsTerminating);
    }

    [Fact]
    public async Task Evict_UnreadyPodOfABudgetThatIsMet_TakesNoDisruption()
    {
        await using var server = await StartAsync("\"minAvailable\":2");
        server.Store.AddPod("shop", "sick", new PodSeed { Labels = Labels, Ready = false });
        Assert.Equal(429, (await EvictAsync(server, "a")).Status);
        Assert.Equal(201, (await EvictAsync(server, "sick")).Status);
    }

    [Fact]
    public async Task Evict_UnreadyPodOfABudgetThatIsNotMet_IsHeldBackUnlessItMayAlways()
    {
        await using var server = await StartAsync("\"minAvailable\":3");
        server.Store.AddPod("shop", "sick", new PodSeed { Labels = Labels, Ready = false });
        Assert.Equal(429, (await EvictAsync(server, "sick")).Status);
        await server.SendAsync("PATCH", $"{Budgets}/web", "{\"spec\":{\"unhealthyPodEvictionPolicy\":\"AlwaysAllow\"}}", Harness.MergePatch);
        Assert.Equal(201, (await EvictAsync(server, "sick")).Status);
    }

    [Fact]
    public async Task Budget_MaxUnavailableOfAReplicaSet_CountsItsReplicas()
    {
        await using var server = await KubeApiServer.StartAsync();
        var set = server.Store.AddReplicaSet("shop", "web", 4, new ReplicaSetSeed { Labels = Labels });
        await PostAsync(server, "\"maxUnavailable\":\"50%\"");
        Assert.Equal((2, 4, 2, 4), Numbers(server));
        var pods = server.Store.List("pods", "shop");
        Assert.Equal(201, (await EvictAsync(server, pods[0].Name)).Status);
        Assert.Equal(201, (await EvictAsync(server, pods[1].Name)).Status);
        Assert.Equal(429, (await EvictAsync(server, pods[2].Name)).Status);
        Assert.Equal(4, (int)set.ToJson()["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task Evict_PodOfNoBudget_LeavesItsMarkAndOneEffect()
    {
        await using var server = await KubeApiServer.StartAsync();
        var uid = server.Store.AddPod("shop", "cart").Uid;
        Assert.Equal(201, (await EvictAsync(server, "cart", "?dryRun=All")).Status);
        Assert.False(server.Store.FindPod("shop", "cart")!.IsTerminating);
        Assert.Empty(server.Effects.All);
        Assert.Equal(201, (await EvictAsync(server, "cart")).Status);
        Assert.Equal(("create", uid), (Assert.Single(server.Effects.All).Verb, server.Effects.All[0].Uid));
        var conditions = server.Store.FindPod("shop", "cart")!.ToJson()["status"]!["conditions"]!.AsArray();
        Assert.Equal("EvictionByEvictionAPI", (string?)conditions.First(c => (string?)c!["type"] == "DisruptionTarget")!["reason"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MirrorPod_DeletedOrEvicted_ReturnsWithANewUid(bool evict)
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = 0.001 });
        var mirror = server.Store.AddPod("kube-system", "proxy-node1", new PodSeed { IsMirror = true });
        var owner = mirror.ToJson()["metadata"]!["ownerReferences"]!.AsArray().Single()!;
        Assert.Equal(("Node", "node1"), ((string?)owner["kind"], (string?)owner["name"]));
        Assert.Null(owner["blockOwnerDeletion"]);
        const string Path = "/api/v1/namespaces/kube-system/pods/proxy-node1";
        var answer = evict
            ? await server.SendAsync("POST", $"{Path}/eviction", "{\"metadata\":{\"name\":\"proxy-node1\"}}")
            : await server.SendAsync("DELETE", Path);
        Assert.Equal(evict ? 201 : 200, answer.Status);
        await Harness.EventuallyAsync(() => server.Store.FindPod("kube-system", "proxy-node1") is { IsTerminating: false } found && found.Uid != mirror.Uid);
        Assert.Equal("Running", (string?)server.Store.FindPod("kube-system", "proxy-node1")!.ToJson()["status"]!["phase"]);
    }

    private static IReadOnlyDictionary<string, string> Labels { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" };

    private static async Task<KubeApiServer> StartAsync(string spec)
    {
        var server = await KubeApiServer.StartAsync();
        server.Store.AddPod("shop", "a", new PodSeed { Labels = Labels });
        server.Store.AddPod("shop", "b", new PodSeed { Labels = Labels });
        await PostAsync(server, spec);
        return server;
    }

    private static async Task PostAsync(KubeApiServer server, string spec)
    {
        var body = $"{{\"metadata\":{{\"name\":\"web\"}},\"spec\":{{\"selector\":{{\"matchLabels\":{{\"app\":\"web\"}}}},{spec}}}}}";
        Assert.Equal(201, (await server.SendAsync("POST", Budgets, body)).Status);
    }

    private static Task<(int Status, JsonNode? Body)> EvictAsync(KubeApiServer server, string name, string query = "") =>
        server.SendAsync("POST", $"/api/v1/namespaces/shop/pods/{name}/eviction{query}", $"{{\"metadata\":{{\"name\":\"{name}\"}}}}");

    /// <summary>Allowed, healthy, desired, expected.</summary>
    private static (int Allowed, int Healthy, int Desired, int Expected) Numbers(KubeApiServer server)
    {
        var status = server.Store.Find("poddisruptionbudgets", "shop", "web")!.ToJson()["status"]!;
        return ((int)status["disruptionsAllowed"]!, (int)status["currentHealthy"]!, (int)status["desiredHealthy"]!, (int)status["expectedPods"]!);
    }
}
