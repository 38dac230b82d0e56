using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Talon.KubeApi.Tests;

public sealed class LifecycleTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task Delete_RunningPod_StaysUntilItsGraceIsOver()
    {
        await using var server = await StartAsync();
        var path = Add(server);
        var (_, deleted) = await server.SendAsync("DELETE", path);
        Assert.Equal("2026-01-02T03:04:35Z", (string?)deleted!["metadata"]!["deletionTimestamp"]);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("Running", Phase(server));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Failed", Phase(server));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(server.Store.FindPod("shop", "cart"));
    }

    [Fact]
    public async Task Delete_ShorterGraceWhileTerminating_EndsEarlier()
    {
        await using var server = await StartAsync();
        var path = Add(server);
        await server.SendAsync("DELETE", path);
        _time.Advance(TimeSpan.FromSeconds(2));
        await server.SendAsync("DELETE", $"{path}?gracePeriodSeconds=5");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Running", Phase(server));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Failed", Phase(server));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(server.Store.FindPod("shop", "cart"));
    }

    [Fact]
    public async Task Delete_KubeletGone_StaysUntilItIsBack()
    {
        await using var server = await StartAsync();
        server.Kubelets.SetLost("node1");
        await server.SendAsync("DELETE", Add(server));
        for (var i = 0; i < 60; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(server.Store.FindPod("shop", "cart")!.IsTerminating);
        Assert.Equal("Running", Phase(server));
        server.Kubelets.SetLost("node1", lost: false);
        for (var i = 0; i < 3; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(server.Store.FindPod("shop", "cart"));
    }

    [Fact]
    public async Task Delete_ScaledGrace_KeepsTheUnscaledTimestamp()
    {
        await using var server = await StartAsync(scale: 0.1);
        var path = Add(server);
        var (_, deleted) = await server.SendAsync("DELETE", path);
        Assert.Equal("2026-01-02T03:04:35Z", (string?)deleted!["metadata"]!["deletionTimestamp"]);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("Failed", Phase(server));
        _time.Advance(TimeSpan.FromSeconds(0.08));
        Assert.Null(server.Store.FindPod("shop", "cart"));
    }

    [Fact]
    public async Task Delete_PodOfTheSameNameAgain_OldTimerLeavesTheNewOneAlone()
    {
        await using var server = await StartAsync();
        var path = Add(server);
        await server.SendAsync("DELETE", path);
        await server.SendAsync("DELETE", $"{path}?gracePeriodSeconds=0");
        var second = server.Store.AddPod("shop", "cart");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(second.Uid, server.Store.FindPod("shop", "cart")!.Uid);
        Assert.Equal("Running", Phase(server));
    }

    [Fact]
    public async Task ReplicaSet_PodsGo_StatusFollows()
    {
        await using var server = await StartAsync();
        var set = server.Store.AddReplicaSet("shop", "web", 3);
        var pods = server.Store.List("pods", "shop");
        Assert.Equal(3, pods.Count);
        Assert.Equal((3, 3), Replicas(server));
        server.Store.AddPod("shop", "odd", new PodSeed { Owner = OwnerSeed.Of(set), Ready = false });
        Assert.Equal((4, 3), Replicas(server));
        await server.SendAsync("DELETE", $"/api/v1/namespaces/shop/pods/{pods[0].Name}");
        Assert.Equal((3, 2), Replicas(server));
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal((3, 2), Replicas(server));
        Assert.Single(server.Effects.All);
    }

    [Fact]
    public async Task ReplicaSet_RecreatePods_ReplacesWhatGoes()
    {
        await using var server = await StartAsync();
        server.Store.AddReplicaSet("shop", "web", 2, new ReplicaSetSeed { RecreatePods = true });
        var first = server.Store.List("pods", "shop")[0];
        await server.SendAsync("DELETE", $"/api/v1/namespaces/shop/pods/{first.Name}");
        Assert.Equal(3, server.Store.List("pods", "shop").Count);
        Assert.Equal((2, 2), Replicas(server));
    }

    [Theory]
    [InlineData("Background", true)]
    [InlineData("Foreground", true)]
    [InlineData("Orphan", false)]
    public async Task ReplicaSet_Deleted_PolicyDecidesOnItsPods(string policy, bool podsGo)
    {
        await using var server = await StartAsync();
        server.Store.AddReplicaSet("shop", "web", 2);
        var (status, body) = await server.SendAsync("DELETE", $"/apis/apps/v1/namespaces/shop/replicasets/web?propagationPolicy={policy}");
        Assert.Equal(200, status);
        Assert.Equal(policy == "Background" ? "Status" : "ReplicaSet", (string?)body!["kind"]);
        for (var i = 0; i < 40; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(server.Store.Find("replicasets", "shop", "web"));
        var left = server.Store.List("pods", "shop");
        Assert.Equal(podsGo ? 0 : 2, left.Count);
        Assert.All(left, p => Assert.Null(p.ToJson()["metadata"]!["ownerReferences"]));
    }

    [Fact]
    public async Task Namespace_Deleted_GoesWhenItIsEmpty()
    {
        await using var server = await StartAsync();
        Add(server);
        await server.SendAsync("DELETE", "/api/v1/namespaces/shop");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(server.Store.FindPod("shop", "cart")!.IsTerminating);
        Assert.NotNull(server.Store.Find("namespaces", null, "shop"));
        for (var i = 0; i < 40; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(server.Store.Find("namespaces", null, "shop"));
        Assert.Single(server.Effects.All);
    }

    private Task<KubeApiServer> StartAsync(double scale = 1) =>
        KubeApiServer.StartAsync(new KubeApiOptions { TimeProvider = _time, GraceTimeScale = scale });

    private static string Add(KubeApiServer server)
    {
        server.Store.AddPod("shop", "cart");
        return "/api/v1/namespaces/shop/pods/cart";
    }

    private static string? Phase(KubeApiServer server) => (string?)server.Store.FindPod("shop", "cart")!.ToJson()["status"]!["phase"];

    private static (int Replicas, int Ready) Replicas(KubeApiServer server)
    {
        JsonNode status = server.Store.Find("replicasets", "shop", "web")!.ToJson()["status"]!;
        return ((int)status["replicas"]!, (int?)status["readyReplicas"] ?? 0);
    }
}
