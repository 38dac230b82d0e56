using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Talon.Chaos.Processes;
using Talon.Chaos.Records;

namespace Talon.Chaos.Rig;

/// <summary>The Kubernetes stand-in in a process of its own, over its control path.</summary>
internal sealed class StandIn : IDisposable
{
    public const string Namespace = "shop";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly HttpClient _client;

    private StandIn(ChildProcess process, HttpClient client, string kubeconfig)
    {
        _process = process;
        _client = client;
        Kubeconfig = kubeconfig;
    }

    /// <summary>The file that points Talon at it.</summary>
    public string Kubeconfig { get; }

    public static async Task<StandIn> StartAsync(string folder, int port, CancellationToken ct)
    {
        string kubeconfig = Path.Combine(folder, "kubeconfig");
        var process = ChildProcess.StartDotnet(
            Path.Combine(AppContext.BaseDirectory, "kubeapi.dll"),
            ["--port", $"{port}", "--kubeconfig", kubeconfig],
            new Dictionary<string, string>(StringComparer.Ordinal),
            Path.Combine(folder, "kubeapi.log"));
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(20) };
        var standIn = new StandIn(process, client, kubeconfig);
        try
        {
            await Waiting.ForAsync(
                () => process.HasExited
                    ? throw new ChaosException($"the stand-in ended with {process.ExitCode}; see {folder}/kubeapi.log")
                    : Waiting.AnswersAsync(client, new Uri("/readyz", UriKind.Relative), ct),
                StartDeadline,
                () => "the stand-in does not answer",
                ct);
            return standIn;
        }
        catch
        {
            standIn.Dispose();
            throw;
        }
    }

    /// <summary>Makes a pod for each event of a load.</summary>
    public async Task<IReadOnlyList<ChaosEvent>> MakeEventsAsync(int first, int count, Func<int, WorkKind> kindOf, CancellationToken ct)
    {
        var events = new ChaosEvent[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct };
        await Parallel.ForAsync(0, count, options, async (i, token) =>
        {
            int number = first + i;
            string name = ChaosEvent.PodOf(number);
            using var answer = await _client.PostAsJsonAsync("/_control/pods", new { @namespace = Namespace, name }, token);
            answer.EnsureSuccessStatusCode();
            var pod = (await answer.Content.ReadFromJsonAsync<JsonNode>(token))!;
            string container = pod["status"]!["containerStatuses"]![0]!["containerID"]!.GetValue<string>();
            events[i] = new ChaosEvent(number, kindOf(number), name, pod["metadata"]!["uid"]!.GetValue<string>(), container.Split("://")[1][..12]);
        });
        return events;
    }

    /// <summary>Adds a fault; its fields are those of the stand-in's fault rules.</summary>
    public async Task AddFaultAsync(object rule, CancellationToken ct)
    {
        using var answer = await _client.PostAsJsonAsync("/_control/faults", rule, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Takes all faults away.</summary>
    public async Task ClearFaultsAsync(CancellationToken ct)
    {
        using var answer = await _client.DeleteAsync(new Uri("/_control/faults", UriKind.Relative), ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The API is away for a time: connections are cut and refused.</summary>
    public async Task StartOutageAsync(TimeSpan length, CancellationToken ct)
    {
        using var answer = await _client.PostAsJsonAsync("/_control/outage", new { seconds = length.TotalSeconds }, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Every effect up to now, with the commands that containers got to run, and apart from them the writes without effect.</summary>
    public async Task<(IReadOnlyList<SeenEffect> Effects, IReadOnlyList<SeenEffect> Repeats)> EffectsAsync(CancellationToken ct)
    {
        using var record = (await _client.GetFromJsonAsync<JsonDocument>("/_control/effects", ct))!;
        using var execs = (await _client.GetFromJsonAsync<JsonDocument>("/_control/execs", ct))!;
        if (record.RootElement.GetProperty("dropped").GetInt64() > 0)
        {
            throw new ChaosException("the stand-in has dropped effects: the run is too long for its record");
        }

        var run = execs.RootElement.GetProperty("items").EnumerateArray().Select(e => new SeenEffect(
            e.GetProperty("time").GetDateTimeOffset(), "exec", "pods", e.GetProperty("pod").GetString()!, e.GetProperty("podUid").GetString()!));
        return ([.. Read(record, "items"), .. run], [.. Read(record, "repeats")]);

        static IEnumerable<SeenEffect> Read(JsonDocument record, string list) => record.RootElement.GetProperty(list).EnumerateArray().Select(e => new SeenEffect(
            e.GetProperty("time").GetDateTimeOffset(),
            e.GetProperty("verb").GetString()!,
            e.GetProperty("resource").GetString()!,
            e.GetProperty("name").GetString()!,
            e.GetProperty("uid").GetString()!));
    }

    /// <summary>How many effects there are.</summary>
    public async Task<int> CountEffectsAsync(CancellationToken ct) => (await EffectsAsync(ct)).Effects.Count;

    /// <summary>How many requests of one sort have come and are not answered yet.</summary>
    public async Task<int> CountOpenAsync(IReadOnlyList<string> verbs, CancellationToken ct)
    {
        using var record = (await _client.GetFromJsonAsync<JsonDocument>("/_control/requests", ct))!;
        return record.RootElement.GetProperty("items").EnumerateArray().Count(r =>
            r.GetProperty("status").GetInt32() == 0 && verbs.Contains(r.GetProperty("verb").GetString(), StringComparer.Ordinal));
    }

    /// <summary>The labels of all pods that are there, by uid.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> LabelsAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/namespaces/{Namespace}/pods");
        request.Headers.Authorization = new("Bearer", "any");
        using var response = await _client.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
        var list = (await response.Content.ReadFromJsonAsync<JsonNode>(ct))!;
        var labels = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var pod in list["items"]!.AsArray())
        {
            labels[pod!["metadata"]!["uid"]!.GetValue<string>()] = (pod["metadata"]!["labels"] as JsonObject ?? [])
                .ToDictionary(l => l.Key, l => l.Value!.GetValue<string>(), StringComparer.Ordinal);
        }

        return labels;
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Dispose();
    }
}
