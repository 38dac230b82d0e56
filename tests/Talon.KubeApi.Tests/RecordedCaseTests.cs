using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace Talon.KubeApi.Tests;

/// <summary>Sends what a real server was sent and wants its answers. See Recorded/README.md for the format.</summary>
public sealed partial class RecordedCaseTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cases() =>
        [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    private static readonly string[] Resources =
    [
        "namespaces", "nodes", "pods", "replicasets", "deployments", "daemonsets", "jobs", "configmaps", "events", "leases", "networkpolicies",
        "networkpolicies.projectcalico.org", "ciliumnetworkpolicies", "poddisruptionbudgets", "roles",
    ];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Recorded");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Replay_RecordedSteps_AnswersAsTheRealServer(string name)
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.json")))!;
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions
        {
            TimeProvider = time,
            Token = (string?)recorded["token"],
            EnforceRbac = recorded["users"] is not null,
            BudgetReaction = TimeSpan.FromSeconds((double?)recorded["options"]?["budgetReactionSeconds"] ?? 0),
        });
        foreach (var (token, who) in recorded["users"] as JsonObject ?? [])
            server.AddUser(token, (string)who!);
        foreach (var mirror in recorded["mirrors"]?.AsArray() ?? [])
            server.Store.AddPod((string)mirror!["namespace"]!, (string)mirror["name"]!, new PodSeed { IsMirror = true, TerminationGracePeriodSeconds = 1 });
        foreach (var step in recorded["setup"]!.AsArray())
            await PrepareAsync(server, step!, []);
        foreach (var image in recorded["unpullable"]?.AsArray() ?? [])
            server.Kubelets.SetUnpullable((string)image!);
        foreach (var node in recorded["lost"]?.AsArray() ?? [])
            server.Kubelets.SetLost((string)node!);
        if ((string?)recorded["forbidUser"] is { } user)
            server.Faults.Add(FaultRule.Answer(403) with { User = user });

        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        Learn(server, tokens);
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var step in recorded["steps"]!.AsArray())
        {
            Pass(time, (double?)step!["advanceSeconds"] ?? 0);
            if ((bool?)step["compact"] == true)
                server.Store.Compact();
            foreach (var before in step["before"]?.AsArray() ?? [])
                await PrepareAsync(server, before!, tokens);
            if (step["atOnce"] is JsonArray bodies)
            {
                faults.AddRange((await RaceAsync(server, step, bodies, tokens)).Select(f => $"step {step["step"]} ({step["note"]}): {f}"));
                continue;
            }

            var sending = SendAsync(server, step, tokens);
            while (IsWaiting(step) && !sending.IsCompleted)
            {
                // The wait for a version of the future runs on the clock of the test.
                time.Advance(TimeSpan.FromSeconds(3));
                await Task.WhenAny(sending, Task.Delay(20));
            }

            using var answer = await sending;
            var text = await answer.Content.ReadAsStringAsync();
            Learn(server, tokens);
            var found = Compare(server, step, answer, text, tokens, versions).ToList();
            if (step["differs"] is null)
                faults.AddRange(found.Select(f => $"step {step["step"]} ({step["note"]}): {f}"));
            else if (found.Count == 0)
                faults.Add($"step {step["step"]} ({step["note"]}) no longer differs: take the mark away");
        }

        faults.ForEach(output.WriteLine);
        Assert.Empty(faults);
    }

    /// <summary>In small steps: what a timer sets off may set the next one.</summary>
    private static void Pass(FakeTimeProvider time, double seconds)
    {
        for (var left = seconds; left > 0; left -= 0.5)
            time.Advance(TimeSpan.FromSeconds(Math.Min(left, 0.5)));
    }

    private static bool IsWaiting(JsonNode step) => (int)step["expect"]!["status"]! == 504;

    /// <summary>One request for each body, all under way together. Who wins is chance, how many do is not.</summary>
    private static async Task<IReadOnlyList<string>> RaceAsync(KubeApiServer server, JsonNode step, JsonArray bodies, Dictionary<string, string> tokens)
    {
        Learn(server, tokens);
        var filled = bodies.Select(body => body is null ? null : Fill(server, (string)body!, tokens)).ToList();
        var answers = await Task.WhenAll(filled.Select(body => Task.Run(async () =>
        {
            var request = (JsonObject)step.DeepClone();
            request["body"] = body;
            using var answer = await SendAsync(server, request, tokens);
            return (Status: (int)answer.StatusCode, Body: JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
        })));
        Learn(server, tokens);
        return
        [
            .. step["expect"]!["answers"]!.AsArray()
                .Select(wanted => (Wanted: wanted!, Body: JsonNode.Parse(Fill(server, wanted!["body"]!.ToJsonString(), tokens))!))
                .Select(w => (w.Wanted, Count: answers.Count(a => a.Status == (int)w.Wanted["status"]! && CompareBody(w.Body, a.Body) is null)))
                .Where(w => w.Count != (int)w.Wanted["count"]!)
                .Select(w => $"{w.Count} of {answers.Length} answers as {w.Wanted.ToJsonString()}; all: {string.Join(' ', answers.Select(a => $"{a.Status} {a.Body.ToJsonString()}"))}"),
        ];
    }

    private static async Task PrepareAsync(KubeApiServer server, JsonNode step, Dictionary<string, string> tokens)
    {
        using var answer = await SendAsync(server, step, tokens);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> SendAsync(KubeApiServer server, JsonNode step, Dictionary<string, string> tokens)
    {
        using var client = new HttpClient();
        var query = string.Join('&', (step["query"] as JsonObject ?? []).Select(q => $"{q.Key}={Uri.EscapeDataString(Fill(server, (string)q.Value!, tokens))}"));
        var uri = new Uri(server.BaseUri, (string)step["path"]! + (query.Length == 0 ? "" : $"?{query}"));
        using var request = new HttpRequestMessage(new HttpMethod((string)step["method"]!), uri);
        var accept = (string?)step["accept"] ?? "application/json";
        if (accept.Length > 0)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        if ((string?)step["authorization"] is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (header, value) in step["headers"] as JsonObject ?? [])
            request.Headers.TryAddWithoutValidation(header, (string?)value);
        if ((string?)step["body"] is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Fill(server, body, tokens)));
            if ((string?)step["contentType"] is { } type)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return await client.SendAsync(request);
    }

    private static IEnumerable<string> Compare(
        KubeApiServer server, JsonNode step, HttpResponseMessage answer, string text, Dictionary<string, string> tokens, Dictionary<string, string> versions)
    {
        var expect = step["expect"]!;
        if ((int)answer.StatusCode != (int)expect["status"]!)
            yield return $"status {(int)answer.StatusCode}, wanted {expect["status"]}: {text}";
        if ($"{answer.Content.Headers.ContentType}" != (string?)expect["contentType"])
            yield return $"content type {answer.Content.Headers.ContentType}, wanted {expect["contentType"]}";
        var retryAfter = answer.Headers.TryGetValues("Retry-After", out var values) ? values.First() : null;
        if (retryAfter != (string?)expect["retryAfter"])
            yield return $"Retry-After {retryAfter}, wanted {expect["retryAfter"]}";
        var warnings = answer.Headers.TryGetValues("Warning", out var warned) ? warned.ToList() : [];
        if (!warnings.SequenceEqual((expect["warnings"] as JsonArray ?? []).Select(w => (string)w!), StringComparer.Ordinal))
            yield return $"Warning {string.Join(" | ", warnings)}, wanted {expect["warnings"]}";
        if ((string?)expect["text"] is { } wantedText)
        {
            if (text != wantedText)
                yield return $"text {text}, wanted {wantedText}";
            yield break;
        }

        var body = JsonNode.Parse(text)!;
        if (expect["items"] is JsonArray items)
        {
            foreach (var fault in CompareList(expect, items, body))
                yield return fault;
        }

        if (expect["body"] is { } wanted && CompareBody(JsonNode.Parse(Fill(server, wanted.ToJsonString(), tokens))!, body) is { } difference)
            yield return difference;
        var version = (string?)body["metadata"]?["resourceVersion"] ?? "";
        var key = expect["items"] is null ? (string?)body["metadata"]?["name"] ?? "" : "(list)";
        if ((string?)expect["version"] == "same" && versions.GetValueOrDefault(key) != version)
            yield return $"resourceVersion moved to {version}";
        if ((string?)expect["version"] == "moved" && versions.GetValueOrDefault(key) == version)
            yield return $"resourceVersion stayed {version}";
        if (version.Length > 0 && (key != "(list)" || expect["version"] is not null))
            versions[key] = version;
        if ((string?)body["metadata"]?["continue"] is { } next)
            tokens[$"continue:{step["step"]}"] = next;
    }

    private static IEnumerable<string> CompareList(JsonNode expect, JsonArray items, JsonNode body)
    {
        var names = body["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"]).ToList();
        if (names.Count != items.Count || !names.Zip(items).All(p => SameText((string)p.Second!, p.First!)))
            yield return $"items {string.Join(',', names)}, wanted {items.ToJsonString()}";
        var list = expect["list"]!;
        if ((string?)list["kind"] != (string?)body["kind"])
            yield return $"kind {body["kind"]}";
        if ((bool)list["hasContinue"]! != (body["metadata"]!["continue"] is not null))
            yield return $"continue {body["metadata"]}";
        if ((long?)list["remainingItemCount"] != (long?)body["metadata"]!["remainingItemCount"])
            yield return $"remainingItemCount {body["metadata"]}";
        if (list["resourceVersion"] is { } version && (string?)version != (string?)body["metadata"]!["resourceVersion"])
            yield return $"resourceVersion {body["metadata"]}";
    }

    private static string? CompareBody(JsonNode wanted, JsonNode actual)
    {
        var seen = new JsonObject();
        foreach (var (field, _) in wanted.AsObject())
            seen[field] = Shown(field, actual[field], wanted);
        if ((string?)wanted["kind"] == "Status")
            seen = (JsonObject)actual.DeepClone();
        return Same(wanted, seen) ? null : $"\n  body   {seen.ToJsonString()}\n  wanted {wanted.ToJsonString()}";
    }

    /// <summary>The part of a field that the recording keeps: no versions, no times, of a status only the phase.</summary>
    private static JsonNode? Shown(string field, JsonNode? value, JsonNode wanted)
    {
        var copy = value?.DeepClone();
        if (copy is JsonObject metadata && field == "metadata")
        {
            foreach (var name in new[] { "resourceVersion", "creationTimestamp", "deletionTimestamp" })
                metadata.Remove(name);
            foreach (var name in metadata.Select(m => m.Key).ToList())
            {
                // Where the recording shows no uid, it shows only a part of the metadata.
                var partial = wanted["metadata"]!["uid"] is null || (wanted["apiVersion"] is null && name is "namespace" or "generation");
                if (partial && wanted["metadata"]![name] is null)
                    metadata.Remove(name);
            }
        }
        else if (copy is JsonObject status && field == "status" && status["phase"] is { } phase)
        {
            return new JsonObject { ["phase"] = phase.DeepClone() };
        }
        else if (copy is JsonObject ofJob && field == "status")
        {
            ofJob.Remove("startTime");
            ofJob.Remove("completionTime");
            foreach (var condition in ofJob["conditions"] as JsonArray ?? [])
            {
                condition!.AsObject().Remove("lastProbeTime");
                condition.AsObject().Remove("lastTransitionTime");
            }
        }

        foreach (var condition in (copy as JsonObject)?["conditions"] as JsonArray ?? [])
            condition!.AsObject().Remove("lastTransitionTime");
        foreach (var taint in (copy as JsonObject)?["taints"] as JsonArray ?? [])
            taint!.AsObject().Remove("timeAdded");
        return copy;
    }

    private static bool Same(JsonNode? wanted, JsonNode? actual) => (wanted, actual) switch
    {
        (JsonObject w, JsonObject a) => w.Count == a.Count && w.All(p => a.ContainsKey(p.Key) && Same(p.Value, a[p.Key])),
        (JsonArray w, JsonArray a) when w.Count > 1 && w.All(c => c is JsonObject o && o.ContainsKey("field")) => SameInAnyOrder(w, a),
        (JsonArray w, JsonArray a) => w.Count == a.Count && w.Zip(a).All(p => Same(p.First, p.Second)),
        (JsonValue w, JsonValue a) when w.TryGetValue<string>(out var text) => a.TryGetValue<string>(out var other) && SameText(text, other),
        _ => JsonNode.DeepEquals(wanted, actual),
    };

    /// <summary>The real server walks maps in random order, so its causes come in any order.</summary>
    private static bool SameInAnyOrder(JsonArray wanted, JsonArray actual)
    {
        var left = actual.ToList();
        return wanted.Count == actual.Count && wanted.All(w => left.FindIndex(a => Same(w, a)) is >= 0 and var at && Take(left, at));
    }

    private static bool Take(List<JsonNode?> list, int at)
    {
        list.RemoveAt(at);
        return true;
    }

    private static bool SameText(string wanted, string actual)
    {
        if (!wanted.Contains("${", StringComparison.Ordinal))
            return wanted == actual;
        var pattern = Regex.Escape(wanted)
            .Replace(Regex.Escape("${object}"), "\\{.*\\}", StringComparison.Ordinal)
            .Replace(Regex.Escape("${hash}"), "[a-z0-9]{8,10}", StringComparison.Ordinal)
            .Replace(Regex.Escape("${any}"), ".*", StringComparison.Ordinal)
            .Replace(Regex.Escape("${suffix}"), "[a-z0-9]{5}", StringComparison.Ordinal)
            .Replace(Regex.Escape("${uid}"), "[0-9a-f-]{36}", StringComparison.Ordinal)
            .Replace(Regex.Escape("${diff}"), "(\\n@@.*)?", StringComparison.Ordinal);
        return Regex.IsMatch(actual, $"^{pattern}\\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
    }

    private static string Fill(KubeApiServer server, string text, Dictionary<string, string> tokens) => Placeholder().Replace(text, match =>
    {
        var parts = match.Groups["what"].Value.Split(':', 2);
        return parts[0] switch
        {
            "rv" => Find(server, parts[1])?.ResourceVersion.ToString() ?? match.Value,
            "version" => server.Store.ResourceVersion.ToString(),
            "x" => new string('x', int.Parse(parts[1])),
            "uid" => tokens.GetValueOrDefault(match.Groups["what"].Value, "${uid}"),
            _ => tokens.GetValueOrDefault(match.Groups["what"].Value, match.Value),
        };
    });

    private static StoredObject? Find(KubeApiServer server, string path) => Everything(server).FirstOrDefault(p => PathOf(p) == path);

    private static IEnumerable<StoredObject> Everything(KubeApiServer server) => Resources.SelectMany(r => server.Store.List(r));

    /// <summary>Keeps the uids of all objects by their paths; an object that has gone keeps its last one.</summary>
    private static void Learn(KubeApiServer server, Dictionary<string, string> tokens)
    {
        foreach (var stored in Everything(server))
            tokens[$"uid:{PathOf(stored)}"] = stored.Uid;
    }

    /// <summary>Namespace and name; what is no pod has its resource before them.</summary>
    private static string PathOf(StoredObject stored) =>
        stored.Namespace is null ? stored.Name : stored.Resource == "pods" ? $"{stored.Namespace}/{stored.Name}" : $"{stored.Resource}/{stored.Namespace}/{stored.Name}";

    [GeneratedRegex(@"\$\{(?<what>[a-z]+(:[^}]*)?)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
