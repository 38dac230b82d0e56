using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Talon.KubeApi.Tests.Kubelet;

public sealed class LogTests(ITestOutputHelper output)
{
    private const string Lines = "line 1\nline 2\nline 3\nline 4\nline 5\nerr\n";

    [Fact]
    public async Task Replay_RecordedLogs_AnswersAsTheRealServer()
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Recorded", "Log", "log.json")))!;
        await using var server = await KubeApiServer.StartAsync();
        Seed(server);
        using var client = new HttpClient();
        var faults = new List<string>();
        foreach (var step in recorded["steps"]!.AsArray())
        {
            var query = string.Join('&', step!["query"]!.AsObject().Select(q => $"{q.Key}={Uri.EscapeDataString((string)q.Value!)}"));
            using var answer = await client.GetAsync(new Uri(server.BaseUri, $"{step["path"]}?{query}"));
            var text = await answer.Content.ReadAsStringAsync();
            var expect = step["expect"]!;
            if ((int)answer.StatusCode != (int)expect["status"]! || $"{answer.Content.Headers.ContentType}" != (string?)expect["contentType"])
                faults.Add($"step {step["step"]} ({step["note"]}): {answer.StatusCode} {answer.Content.Headers.ContentType} {text}");
            else if (expect["body"] is { } body ? !JsonNode.DeepEquals(body, JsonNode.Parse(text)) : Timeless(text) != (string?)expect["text"])
                faults.Add($"step {step["step"]} ({step["note"]}): {text}");
        }

        faults.ForEach(output.WriteLine);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Get_BytesThatAreNoText_ComeAsTheyAre()
    {
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddPod("shop", "cart");
        byte[] bytes = [0x68, 0xff, 0, 10, 0xe2, 0x82, 10];
        server.Kubelets.SetLog("shop", "cart", "app", bytes);
        using var client = new HttpClient();
        Assert.Equal(bytes, await client.GetByteArrayAsync(new Uri(server.BaseUri, "/api/v1/namespaces/shop/pods/cart/log")));
    }

    [Fact]
    public async Task LostNode_Log_IsA500WithoutReason()
    {
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddPod("shop", "cart");
        server.Kubelets.SetLost("node1");
        var (status, body) = await server.SendAsync("GET", "/api/v1/namespaces/shop/pods/cart/log");
        Assert.Equal(500, status);
        Assert.Null(body!["reason"]);
        server.Kubelets.SetLost("node1", lost: false);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/v1/namespaces/shop/pods/cart/log")).Status);
    }

    private static string Timeless(string text) =>
        Regex.Replace(text, "^[0-9T:.-]{29}Z ", "${time} ".Replace("$", "$$", StringComparison.Ordinal), RegexOptions.Multiline, TimeSpan.FromSeconds(1));

    private static void Seed(KubeApiServer server)
    {
        RecordedExecTests.Seed(server, "rec-log");
        server.Store.AddPod("rec-log", "annot", new PodSeed { Containers = ["a", "b"] });
        server.Store.AddPod("rec-log", "crash", new PodSeed { Containers = ["c"] });
        server.Store.Update("pods", "rec-log", "pull", pod => pod["status"]!["containerStatuses"]![0]!["state"]!["waiting"]!["reason"] = "ErrImagePull");
        var time = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);
        server.Kubelets.SetLog("rec-log", "one", "c", Encoding.UTF8.GetBytes(Lines), time: time);
        server.Kubelets.SetLog("rec-log", "two", "b", "from b\n"u8);
        server.Kubelets.SetLog("rec-log", "two", "init", "from init\n"u8);
        server.Kubelets.SetLog("rec-log", "done", "c", "bye\n"u8);
        server.Kubelets.SetLog("rec-log", "crash", "c", "dying\n"u8, previous: true);
    }
}
