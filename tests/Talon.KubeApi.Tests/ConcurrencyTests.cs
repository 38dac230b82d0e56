namespace Talon.KubeApi.Tests;

public sealed class ConcurrencyTests
{
    private const string Pod = "/api/v1/namespaces/shop/pods/cart";

    [Fact]
    public async Task MergePatches_InParallel_AllWin()
    {
        await using var server = await KubeApiServer.StartAsync();
        var uid = server.Store.AddPod("shop", "cart").Uid;
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            server.SendAsync("PATCH", Pod, $"{{\"metadata\":{{\"labels\":{{\"l{i}\":\"v\"}}}}}}", Harness.MergePatch)));
        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Equal(32, server.Store.FindPod("shop", "cart")!.Labels.Count);
        Assert.Equal(32, server.Effects.CountFor(uid));
    }

    [Fact]
    public async Task Deletes_InParallel_OneEffect()
    {
        await using var server = await KubeApiServer.StartAsync();
        var uid = server.Store.AddPod("shop", "cart").Uid;
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => server.SendAsync("DELETE", Pod)));
        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Equal(1, server.Effects.CountFor(uid));
        Assert.Equal(15, server.Effects.Repeats.Count);
    }

    [Fact]
    public async Task Creates_InParallel_OneWins()
    {
        await using var server = await KubeApiServer.StartAsync();
        const string body = "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.SendAsync("POST", "/api/v1/namespaces/default/pods", body)));
        Assert.Equal(1, answers.Count(a => a.Status == 201));
        Assert.Equal(7, answers.Count(a => a.Status == 409 && (string?)a.Body!["reason"] == "AlreadyExists"));
    }

    [Fact]
    public async Task Pages_WhileObjectsComeAndGo_AreOneSnapshot()
    {
        await using var server = await KubeApiServer.StartAsync();
        for (var i = 0; i < 10; i++)
            server.Store.AddPod("shop", $"p{i}");
        var (_, first) = await server.SendAsync("GET", "/api/v1/namespaces/shop/pods?limit=4");
        Assert.Equal(6, (int)first!["metadata"]!["remainingItemCount"]!);
        server.Store.Remove("pods", "shop", "p7");
        server.Store.AddPod("shop", "p55");
        var names = Names(first);
        var next = (string?)first["metadata"]!["continue"];
        while (next is not null)
        {
            var (_, page) = await server.SendAsync("GET", $"/api/v1/namespaces/shop/pods?limit=4&continue={next}");
            Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)page!["metadata"]!["resourceVersion"]);
            names.AddRange(Names(page));
            next = (string?)page["metadata"]!["continue"];
        }

        Assert.Equal("p0,p1,p2,p3,p4,p5,p6,p7,p8,p9", string.Join(',', names));
    }

    [Fact]
    public async Task Pages_OfAVersionNoLongerKept_AreExpiredWithAFreshToken()
    {
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddPod("shop", "a");
        server.Store.AddPod("shop", "b");
        var (_, first) = await server.SendAsync("GET", "/api/v1/namespaces/shop/pods?limit=1");
        for (var i = 0; i < 4100; i++)
            server.Store.Update("pods", "shop", "a", p => p["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { ["i"] = $"{i}" });
        var (status, expired) = await server.SendAsync("GET", $"/api/v1/namespaces/shop/pods?limit=1&continue={first!["metadata"]!["continue"]}");
        Assert.Equal(410, status);
        Assert.Equal("Expired", (string?)expired!["reason"]);
        var (_, rest) = await server.SendAsync("GET", $"/api/v1/namespaces/shop/pods?limit=1&continue={expired["metadata"]!["continue"]}");
        Assert.Equal(["b"], Names(rest!));
    }

    private static List<string> Names(System.Text.Json.Nodes.JsonNode list) =>
        [.. list["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!)];
}
