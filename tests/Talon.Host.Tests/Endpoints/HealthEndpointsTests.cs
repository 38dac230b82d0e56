using System.Net;
using System.Text.Json;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Categories;
using Talon.Actors.Plugins;
using Talon.Cluster.RuleSets;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Endpoints;

public sealed class HealthEndpointsTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Healthz_Alive_IsTheOriginalsAnswer(string method)
    {
        await using var server = await TestServer.StartAsync();

        var response = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/healthz"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("""{"status": "ok"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Healthz_ActorSystemDead_Is503()
    {
        await using var server = await TestServer.StartAsync();
        server.Status.IsAlive = false;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public async Task Readyz_Ready_TellsEverything()
    {
        await using var server = await TestServer.StartAsync();
        server.Status.Categories = [new CategoryStatus("kubernetes", CircuitState.Open, "connection refused", 3, 4)];
        var at = new DateTimeOffset(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);
        server.Status.Outputs = [new OutputStatus("aws:s3", at, "403 AccessDenied"), new OutputStatus("local:file", at, Failure: null)];

        var response = await server.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var root = json.RootElement;
        Assert.True(root.GetProperty("ready").GetBoolean());
        Assert.Equal(0, root.GetProperty("reasons").GetArrayLength());
        var category = root.GetProperty("categories")[0];
        Assert.Equal("kubernetes", category.GetProperty("category").GetString());
        Assert.True(category.GetProperty("degraded").GetBoolean());
        Assert.Equal("open", category.GetProperty("circuit").GetString());
        Assert.Equal("connection refused", category.GetProperty("reason").GetString());
        Assert.Equal(
            """[{"output":"aws:s3","stored":false,"reason":"403 AccessDenied","at":"2026-12-01T10:00:00.000Z"},{"output":"local:file","stored":true,"reason":null,"at":"2026-12-01T10:00:00.000Z"}]""",
            root.GetProperty("outputs").GetRawText());
        Assert.Equal(1, root.GetProperty("rules").GetProperty("count").GetInt32());
        Assert.Matches("^[0-9a-f]{32}$", root.GetProperty("rules").GetProperty("hash").GetString());
        Assert.True(root.GetProperty("journal").GetProperty("answering").GetBoolean());
        Assert.Equal("Up", root.GetProperty("cluster").GetProperty("membership").GetString());
        Assert.Equal("single", root.GetProperty("cluster").GetProperty("mode").GetString());
        Assert.Equal("akka.tcp://talon@127.0.0.1:4053", root.GetProperty("cluster").GetProperty("node").GetString());
        Assert.Equal("1.2.3", Assert.Single(root.GetProperty("cluster").GetProperty("members").EnumerateArray()).GetProperty("version").GetString());
        Assert.False(root.GetProperty("dry_run").GetBoolean());
        Assert.False(root.GetProperty("draining").GetBoolean());
        Assert.Equal(7, root.GetProperty("unfinished_events").GetInt32());
    }

    [Fact]
    public async Task Readyz_RulesOfTheNodes_AreTold()
    {
        await using var server = await TestServer.StartAsync();
        var since = new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
        server.SharedRules.Known = [new NodeRules("akka.tcp://talon@b:4053", "beef", since), new NodeRules("akka.tcp://talon@a:4053", "cafe", since)];

        using var json = JsonDocument.Parse(await server.Client.GetStringAsync("/readyz"));

        Assert.True(json.RootElement.GetProperty("ready").GetBoolean());
        var rules = json.RootElement.GetProperty("cluster").GetProperty("rules");
        Assert.Equal(["akka.tcp://talon@b:4053", "akka.tcp://talon@a:4053"], rules.EnumerateArray().Select(one => one.GetProperty("node").GetString()));
        Assert.Equal(["beef", "cafe"], rules.EnumerateArray().Select(one => one.GetProperty("hash").GetString()));
        Assert.StartsWith("2026-11-29T12:00:00", rules[0].GetProperty("since").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("joined", "has not joined")]
    [InlineData("draining", "shutting down")]
    [InlineData("journal", "not answered for 31 s")]
    [InlineData("dead", "actor system has ended")]
    public async Task Readyz_SomethingMissing_Is503WithTheReason(string what, string reason)
    {
        await using var server = await TestServer.StartAsync();
        server.Status.JoinedOnce = what != "joined";
        server.Status.Draining = what == "draining";
        server.Status.JournalSilence = what == "journal" ? TimeSpan.FromSeconds(31) : null;
        server.Status.IsAlive = what != "dead";

        var response = await server.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.False(json.RootElement.GetProperty("ready").GetBoolean());
        Assert.Contains(reason, json.RootElement.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readyz_JournalSilentForAShortTime_IsReadyAndSaysSo()
    {
        await using var server = await TestServer.StartAsync();
        server.Status.JournalSilence = TimeSpan.FromSeconds(29);

        var response = await server.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.False(json.RootElement.GetProperty("journal").GetProperty("answering").GetBoolean());
        Assert.Equal(29, json.RootElement.GetProperty("journal").GetProperty("silent_seconds").GetInt64());
    }
}
