using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Talon.KubeApi.Tests.Kubelet;

/// <summary>Sends the execs that a real server was sent and wants its frames. See Recorded/README.md for the format.</summary>
public sealed class RecordedExecTests(ITestOutputHelper output)
{
    /// <summary>Largest frame of output seen, with its channel byte.</summary>
    private const int LargestFrame = (32 * 1024) + 1;

    public static TheoryData<string> Cases() =>
        [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Recorded", "Exec");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Replay_RecordedExecs_AnswersAsTheRealServer(string name)
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.json")))!;
        await using var server = await KubeApiServer.StartAsync();
        Seed(server);
        var faults = new List<string>();
        foreach (var step in recorded["steps"]!.AsArray())
        {
            foreach (var fault in await ReplayAsync(server, step!))
                faults.Add($"step {step!["step"]} ({step["note"]}): {fault}");
        }

        faults.ForEach(output.WriteLine);
        Assert.Empty(faults);
    }

    /// <summary>The pods of the recordings.</summary>
    internal static void Seed(KubeApiServer server, string ns = "rec-x")
    {
        server.Store.AddPod(ns, "one", new PodSeed { Containers = ["c"] });
        server.Store.AddPod(ns, "two", new PodSeed { Containers = ["a", "b"] });
        server.Store.Update("pods", ns, "two", pod =>
        {
            pod["spec"]!["initContainers"] = new JsonArray(new JsonObject { ["name"] = "init", ["image"] = "busybox:1.36" });
            pod["status"]!["initContainerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "init",
                ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 0 } },
            });
        });
        server.Store.AddPod(ns, "done", new PodSeed { Containers = ["c"], Phase = "Succeeded" });
        server.Store.AddPod(ns, "pend", new PodSeed { Containers = ["c"], NodeName = "" });
        server.Store.AddPod(ns, "pull", new PodSeed { Containers = ["c"] });
        server.Store.Update("pods", ns, "pull", pod =>
            pod["status"]!["containerStatuses"]![0]!["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ImagePullBackOff" } });
    }

    private static async Task<List<string>> ReplayAsync(KubeApiServer server, JsonNode step)
    {
        var query = string.Join('&', step["query"]!.AsArray().Select(q => $"{q![0]}={Uri.EscapeDataString((string)q[1]!)}"));
        var path = $"{step["path"]}?{query}";
        var expect = step["expect"]!;
        if (step["protocols"] is not JsonArray protocols)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(new HttpMethod((string)step["method"]!), new Uri(server.BaseUri, path));
            using var answer = await http.SendAsync(request);
            return CompareRefusal(expect, answer, await answer.Content.ReadAsStringAsync());
        }

        using var client = await ExecClient.ConnectAsync(server.BaseUri, path, [.. protocols.Select(p => (string)p!)]);
        if ((int)expect["status"]! != 101)
            return client.Refused is { } refused ? CompareRefusal(expect, refused, client.RefusedBody) : ["the handshake was accepted"];
        if (client.Refused is { } not)
            return [$"the handshake was refused: {not.StatusCode} {client.RefusedBody}"];
        foreach (var frame in step["send"]?.AsArray() ?? [])
        {
            if ((bool?)frame!["close"] == true)
                await client.SendCloseAsync();
            else
                await client.SendAsync((byte)(int)frame["channel"]!, Bytes(frame), (bool?)frame["asText"] == true);
        }

        return CompareFrames(expect, client, await client.ReadAsync());
    }

    private static List<string> CompareRefusal(JsonNode expect, HttpResponseMessage answer, string body)
    {
        var faults = new List<string>();
        if ((int)answer.StatusCode != (int)expect["status"]!)
            faults.Add($"status {(int)answer.StatusCode}: {body}");
        if ($"{answer.Content.Headers.ContentType}" != (string?)expect["contentType"])
            faults.Add($"content type {answer.Content.Headers.ContentType}");
        if (expect["text"] is { } text ? body != (string?)text : !JsonNode.DeepEquals(expect["body"], JsonNode.Parse(body)))
            faults.Add($"body {body}");
        return faults;
    }

    /// <summary>Output is compared as a whole for each channel: how it is cut into frames, and which channel comes first, is chance.</summary>
    private static List<string> CompareFrames(JsonNode expect, ExecClient client, int? close)
    {
        var faults = new List<string>();
        if ((client.Socket.SubProtocol ?? "") != (string?)expect["protocol"])
            faults.Add($"protocol {client.Socket.SubProtocol}");
        if (client.Frames is not [(1, []), ..])
            faults.Add("the first frame is not an empty one on channel 1");
        if (client.Frames.Any(f => f.Payload.Length >= LargestFrame))
            faults.Add("a frame is too large");
        var outputs = expect["output"]!.AsObject();
        foreach (var channel in client.Frames.Select(f => f.Channel).Where(c => c != 3).Distinct())
        {
            if (outputs[$"{channel}"] is null)
                faults.Add($"unwanted output on channel {channel}");
        }

        foreach (var (channel, wanted) in outputs)
        {
            if (!client.Of(int.Parse(channel)).AsSpan().SequenceEqual(Bytes(wanted!)))
                faults.Add($"output on channel {channel}: {Encoding.UTF8.GetString(client.Of(int.Parse(channel)))}");
        }

        var status = Regex.Replace(client.Status?.ToJsonString() ?? "null", "start exec \\\\u0022[0-9a-f]{64}\\\\u0022", "start exec \\u0022${id}\\u0022", RegexOptions.None, TimeSpan.FromSeconds(1));
        if (status != (expect["statusFrame"]?.ToJsonString() ?? "null"))
            faults.Add($"status frame {status}");
        if (close != (int?)expect["close"])
            faults.Add($"close {close}");
        return faults;
    }

    private static byte[] Bytes(JsonNode frame)
    {
        if (frame["base64"] is { } base64)
            return Convert.FromBase64String((string)base64!);
        return frame["repeat"] is { } repeat
            ? Encoding.UTF8.GetBytes(new string(((string)repeat[0]!)[0], (int)repeat[1]!))
            : Encoding.UTF8.GetBytes((string?)frame["text"] ?? "");
    }
}
