using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>The stand-in of the Kubernetes API, a folder with rules, configuration and journal, and the Talon processes on them.</summary>
internal sealed class TalonRig : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<TalonProcess> _processes = [];
    private readonly string _kubeconfig;
    private string _rules;

    private TalonRig(KubeApiServer api, string rules, string configuration)
    {
        Api = api;
        _kubeconfig = api.WriteKubeconfig(Path.Combine(_folder.Path, "kubeconfig"));
        _rules = _folder.Write("rules.yaml", rules);
        _folder.Write("config.yaml", Base(JournalFolder) + configuration);
    }

    public KubeApiServer Api { get; }

    public string JournalFolder => Path.Combine(_folder.Path, "journal");

    /// <summary>For posts. No connection outlives its request, so that a killed process leaves none behind.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(10), MaxConnectionsPerServer = 64 })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Further variables of the environment of the processes.</summary>
    public Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal);

    /// <param name="rules">The rule file.</param>
    /// <param name="configuration">Further lines of the configuration file.</param>
    public static async Task<TalonRig> CreateAsync(string rules = RuleFiles.Terminate, string configuration = "") => new(
        await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = 0.01 }), rules, configuration);

    public static string Base(string journal) => $$"""
        listen_address: 127.0.0.1
        listen_port: 0
        log_format: json
        journal:
          path: {{journal}}
        cluster:
          port: 0

        """;

    /// <summary>Starts the shipped program, or the one with a fault point, and waits until it takes events in.</summary>
    public async Task<TalonProcess> StartAsync(string? fault = null) => await Launch(fault).ListeningAsync();

    /// <summary>Starts it without waiting.</summary>
    public TalonProcess Launch(string? fault = null)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["KUBECONFIG"] = _kubeconfig,
            ["POD_NAMESPACE"] = "falco",
            ["TALON_FAULT"] = fault,
        };
        foreach (var (name, value) in Environment)
        {
            environment[name] = value;
        }

        var process = TalonProcess.Start(
            fault is null ? "talon" : "talon-fault", environment, "server", "-c", Path.Combine(_folder.Path, "config.yaml"), "-r", _rules);
        _processes.Add(process);
        return process;
    }

    /// <summary>The rules of the next start.</summary>
    public void UseRules(string text) => _rules = _folder.Write($"rules-{_processes.Count}.yaml", text);

    /// <summary>Replaces the rule file of the running processes in one step, as an editor does.</summary>
    public void ReplaceRules(string text) => File.Move(_folder.Write("rules.next", text), _rules, overwrite: true);

    /// <summary>Adds a pod that is older than any event of it, and returns its uid and the id of its container as Falco cuts it.</summary>
    public (string Uid, string ContainerId) AddPod(string ns, string name, PodSeed? seed = null)
    {
        var pod = Api.Store.AddPod(ns, name, seed);
        string id = pod.ToJson()["status"]!["containerStatuses"]![0]!["containerID"]!.GetValue<string>();
        return (pod.Uid, id.Split("://")[1][..12]);
    }

    /// <summary>Sets the creation time of a pod.</summary>
    public void SetCreated(string ns, string name, DateTimeOffset created) => Assert.True(Api.Store.Update(
        "pods", ns, name, json => json["metadata"]!["creationTimestamp"] = created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")));

    /// <summary>Posts an event and returns the whole answer.</summary>
    public async Task<(HttpStatusCode Status, string Text, HttpResponseMessage Response)> SendAsync(TalonProcess talon, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await Client.PostAsync(talon.Address, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    /// <summary>Posts an event that must be accepted.</summary>
    public async Task PostAsync(TalonProcess talon, string body)
    {
        var (status, text, _) = await SendAsync(talon, body);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {text}\n{talon.Tail()}");
    }

    /// <summary>Posts an event to a process that may die meanwhile.</summary>
    /// <returns>Whether 200 came back.</returns>
    public async Task<bool> TryPostAsync(TalonProcess talon, string body)
    {
        try
        {
            return (await SendAsync(talon, body)).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The body of <c>/readyz</c>, whatever the status.</summary>
    public async Task<JsonNode> ReadyAsync(TalonProcess talon)
    {
        using var response = await Client.GetAsync(new Uri(talon.Address!, "/readyz"));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public Task<string> MetricsAsync(TalonProcess talon) => Client.GetStringAsync(new Uri(talon.Address!, "/metrics"));

    /// <summary>Waits until no event is unfinished.</summary>
    public Task FinishedAsync(TalonProcess talon, TimeSpan? deadline = null) => Eventually.TrueAsync(
        async () => (await ReadyAsync(talon))["unfinished_events"]!.GetValue<int>() == 0,
        () => $"events stay unfinished\n{string.Join('\n', Api.Requests.All.TakeLast(20).Select(r => $"{r.Time:HH:mm:ss.fff} {r.Method} {r.Path}: {r.Status} {r.Fault}"))}\n{talon.Tail()}",
        deadline);

    /// <summary>Waits until no event is unfinished, stops the process in good order and reads the journal.</summary>
    public async Task<JournalCopy> FinishAsync(TalonProcess talon, TimeSpan? deadline = null)
    {
        await FinishedAsync(talon, deadline);
        await talon.StopAsync();
        return JournalCopy.Read(JournalFolder);
    }

    /// <summary>Effects on one object, by verb.</summary>
    public int Effects(string uid, string verb) => Api.Effects.For(uid).Count(e => e.Verb == verb);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        Client.Dispose();
        await Api.DisposeAsync();
        _folder.Dispose();
    }
}
