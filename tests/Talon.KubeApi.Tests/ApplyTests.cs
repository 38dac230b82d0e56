using System.Text.Json.Nodes;

namespace Talon.KubeApi.Tests;

/// <summary>Server-side apply, beyond the recorded cases.</summary>
public sealed class ApplyTests
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";

    [Fact]
    public async Task Apply_TwoConflictsWithTwoManagers_NamesBoth()
    {
        await using var server = await KubeApiServer.StartAsync();
        await ApplyAsync(server, "one", "\"a\":\"1\"");
        await ApplyAsync(server, "two", "\"b\":\"1\"");
        var (status, body) = await ApplyAsync(server, "three", "\"a\":\"2\",\"b\":\"2\"");
        Assert.Equal(409, status);
        Assert.Equal(
            "Apply failed with 2 conflicts: conflicts with \"one\":\n- .data.a\nconflicts with \"two\":\n- .data.b", (string?)body!["message"]);
        Assert.Equal([".data.a", ".data.b"], body["details"]!["causes"]!.AsArray().Select(c => (string?)c!["field"]));
        Assert.All(body["details"]!["causes"]!.AsArray(), c => Assert.Equal("FieldManagerConflict", (string?)c!["reason"]));
        Assert.Equal("{\"a\":\"1\",\"b\":\"1\"}", Data(server));
    }

    [Fact]
    public async Task Apply_Forced_TakesTheFieldsOver()
    {
        await using var server = await KubeApiServer.StartAsync();
        await ApplyAsync(server, "one", "\"a\":\"1\",\"b\":\"1\"");
        Assert.Equal(200, (await ApplyAsync(server, "two", "\"a\":\"2\"", "&force=true")).Status);
        Assert.Equal("{\"a\":\"2\",\"b\":\"1\"}", Data(server));
        Assert.Equal(409, (await ApplyAsync(server, "one", "\"a\":\"1\",\"b\":\"1\"")).Status);
        Assert.Equal(200, (await ApplyAsync(server, "one", "\"b\":\"3\"")).Status);
        Assert.Equal("{\"a\":\"2\",\"b\":\"3\"}", Data(server));
    }

    [Fact]
    public async Task Apply_FieldLeftOut_GoesOnlyWhenNobodyElseOwnsIt()
    {
        await using var server = await KubeApiServer.StartAsync();
        await ApplyAsync(server, "one", "\"a\":\"1\",\"b\":\"1\"");
        await ApplyAsync(server, "two", "\"a\":\"1\"");
        await ApplyAsync(server, "one", "\"c\":\"1\"");
        Assert.Equal("{\"a\":\"1\",\"c\":\"1\"}", Data(server));
    }

    [Fact]
    public async Task Apply_AfterAPlainWrite_ConflictsWithItsUserAgent()
    {
        await using var server = await KubeApiServer.StartAsync();
        using var client = new HttpClient { BaseAddress = server.BaseUri };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("kubectl/v1.36.2");
        using var content = new StringContent("{\"metadata\":{\"name\":\"m\"},\"data\":{\"a\":\"1\"}}", null, "application/json");
        using var posted = await client.PostAsync(new Uri(Maps, UriKind.Relative), content);
        Assert.Equal(201, (int)posted.StatusCode);
        var (status, body) = await ApplyAsync(server, "one", "\"a\":\"2\"");
        Assert.Equal((409, "Apply failed with 1 conflict: conflict with \"kubectl\" using v1: .data.a"), (status, (string?)body!["message"]));
    }

    [Fact]
    public async Task Apply_ContainerOfADeployment_KeepsTheOthers()
    {
        await using var server = await KubeApiServer.StartAsync();
        const string Path = "/apis/apps/v1/namespaces/default/deployments";
        const string Containers = "{\"name\":\"a\",\"image\":\"i\"},{\"name\":\"b\",\"image\":\"i\"}";
        await server.SendAsync(
            "POST",
            Path,
            "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"replicas\":0,\"selector\":{\"matchLabels\":{\"x\":\"y\"}},"
            + "\"template\":{\"metadata\":{\"labels\":{\"x\":\"y\"}},"
            + $"\"spec\":{{\"containers\":[{Containers}]}}}}}}}}");
        const string Body = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"d\"},"
            + "\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"b\",\"image\":\"j\"}]}}}}";
        var (status, refused) = await server.SendAsync("PATCH", $"{Path}/d?fieldManager=one", Body, "application/apply-patch+yaml");
        Assert.Equal((409, ".spec.template.spec.containers[name=\"b\"].image"), (status, (string?)refused!["details"]!["causes"]![0]!["field"]));
        Assert.Equal(200, (await server.SendAsync("PATCH", $"{Path}/d?fieldManager=one&force=true", Body, "application/apply-patch+yaml")).Status);
        var images = server.Store.Find("deployments", "default", "d")!.ToJson()["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
        Assert.Equal(["i", "j"], images.Select(c => (string?)c!["image"]));
    }

    [Fact]
    public async Task Apply_SameAgain_IsNoEffect()
    {
        await using var server = await KubeApiServer.StartAsync();
        Assert.Equal(201, (await ApplyAsync(server, "one", "\"a\":\"1\"")).Status);
        var version = server.Store.Find("configmaps", "default", "m")!.ResourceVersion;
        Assert.Equal(200, (await ApplyAsync(server, "one", "\"a\":\"1\"")).Status);
        Assert.Equal(version, server.Store.Find("configmaps", "default", "m")!.ResourceVersion);
        Assert.Single(server.Effects.All);
        Assert.Single(server.Effects.Repeats);
    }

    private static Task<(int Status, JsonNode? Body)> ApplyAsync(KubeApiServer server, string manager, string data, string query = "") => server.SendAsync(
        "PATCH",
        $"{Maps}/m?fieldManager={manager}{query}",
        $"{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{{\"name\":\"m\"}},\"data\":{{{data}}}}}",
        "application/apply-patch+yaml");

    private static string Data(KubeApiServer server) => server.Store.Find("configmaps", "default", "m")!.ToJson()["data"]!.ToJsonString();
}
