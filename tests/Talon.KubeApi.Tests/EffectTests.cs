namespace Talon.KubeApi.Tests;

public sealed class EffectTests
{
    private const string Pod = "/api/v1/namespaces/shop/pods/cart";

    [Fact]
    public async Task Effects_DeleteTwice_OneEffectAndOneRepeat()
    {
        await using var server = await KubeApiServer.StartAsync();
        var uid = server.Store.AddPod("shop", "cart").Uid;
        await server.SendAsync("DELETE", Pod);
        await server.SendAsync("DELETE", Pod);
        var effect = Assert.Single(server.Effects.All);
        Assert.Equal(("delete", "pods", "shop", "cart", uid), (effect.Verb, effect.Resource, effect.Namespace, effect.Name, effect.Uid));
        Assert.Equal(1, server.Effects.CountFor(uid));
        Assert.Equal(1, server.Effects.CountByUid[uid]);
        Assert.Equal(uid, Assert.Single(server.Effects.Repeats).Uid);
        Assert.Equal(2, server.Effects.Repeats[0].RequestNumber);
    }

    [Fact]
    public async Task Effects_PatchWithoutChangeAndDryRun_AreRepeats()
    {
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddPod("shop", "cart", new PodSeed { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" } });
        await server.SendAsync("PATCH", Pod, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}", Harness.MergePatch);
        await server.SendAsync("PATCH", $"{Pod}?dryRun=All", "{\"metadata\":{\"labels\":{\"a\":\"c\"}}}", Harness.MergePatch);
        Assert.Empty(server.Effects.All);
        Assert.Equal(2, server.Effects.Repeats.Count);
        await server.SendAsync("PATCH", Pod, "{\"metadata\":{\"labels\":{\"a\":\"c\"}}}", Harness.MergePatch);
        Assert.Equal("patch", Assert.Single(server.Effects.All).Verb);
    }

    [Fact]
    public async Task Effects_RefusedAndReadingRequests_LeaveNone()
    {
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddPod("shop", "cart");
        Assert.Equal(409, (await server.SendAsync("DELETE", Pod, "{\"preconditions\":{\"uid\":\"other\"}}")).Status);
        Assert.Equal(404, (await server.SendAsync("DELETE", $"{Pod}x")).Status);
        Assert.Equal(200, (await server.SendAsync("GET", Pod)).Status);
        Assert.Empty(server.Effects.All);
        Assert.Empty(server.Effects.Repeats);
        Assert.Equal([409, 404, 200], server.Requests.All.Select(r => r.Status));
    }

    [Fact]
    public async Task Effects_GraceOver_IsNoEffectOfAClient()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = 0.001 });
        server.Store.AddPod("shop", "cart");
        await server.SendAsync("DELETE", Pod);
        await Harness.EventuallyAsync(() => server.Store.FindPod("shop", "cart") is null);
        Assert.Single(server.Effects.All);
    }

    [Fact]
    public async Task Requests_DeleteOfACollection_IsRecordedAsSuch()
    {
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddPod("shop", "cart");
        server.Store.AddPod("shop", "pay");
        var (status, body) = await server.SendAsync("DELETE", "/api/v1/namespaces/shop/pods/");
        Assert.Equal(200, status);
        Assert.Equal("PodList", (string?)body!["kind"]);
        Assert.Equal("deletecollection", Assert.Single(server.Requests.All).Verb);
        Assert.Equal("deletecollection,deletecollection", string.Join(',', server.Effects.All.Select(e => e.Verb)));
    }

    [Fact]
    public async Task Requests_Sent_AreKeptWithBodyAndAgent()
    {
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddPod("shop", "cart");
        using var client = server.Client();
        await client.HttpClient.GetAsync(new Uri(server.BaseUri, $"{Pod}?resourceVersion=0"));
        await server.SendAsync("PATCH", Pod, "{}", Harness.MergePatch);
        var requests = server.Requests.All;
        Assert.Equal(("GET", Pod, "?resourceVersion=0", "get", "pods", "shop", "cart", 200), (
            requests[0].Method, requests[0].Path, requests[0].Query, requests[0].Verb, requests[0].Resource, requests[0].Namespace, requests[0].Name, requests[0].Status));
        Assert.Equal("{}", requests[1].Body);
        Assert.StartsWith(Harness.MergePatch, requests[1].ContentType, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }
}
