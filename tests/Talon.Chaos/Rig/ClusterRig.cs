using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Talon.Chaos.Processes;
using Talon.Chaos.Records;
using Talon.Chaos.Stores;

namespace Talon.Chaos.Rig;

/// <summary>The stand-in of the Kubernetes API, the journal and the talon nodes, each a process of its own.</summary>
internal sealed class ClusterRig : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(75);

    private readonly RigOptions _options;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly ConcurrentQueue<NodeExit> _exits = new();
    private readonly List<SupervisedNode> _nodes = [];
    private readonly List<SupervisedNode> _strangers = [];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };

    private ClusterRig(RigOptions options, StandIn api, IJournalStore journal, TimeProvider clock, Random random)
    {
        _options = options;
        Api = api;
        Journal = journal;
        _clock = clock;
        _random = random;
        RulesA = Write("rules-a.yaml", RuleTexts.Of("a", swapIsExec: false));
        RulesB = Write("rules-b.yaml", RuleTexts.Of("b", swapIsExec: true));
    }

    public StandIn Api { get; }

    public IJournalStore Journal { get; }

    /// <summary>The nodes of the cluster.</summary>
    public IReadOnlyList<SupervisedNode> Nodes => _nodes;

    /// <summary>The file of the first rule set.</summary>
    public string RulesA { get; }

    /// <summary>The file of the second rule set.</summary>
    public string RulesB { get; }

    /// <summary>The ends of processes so far.</summary>
    public IReadOnlyList<NodeExit> Exits => [.. _exits];

    /// <summary>Starts everything and waits until the nodes are one cluster and ready.</summary>
    public static async Task<ClusterRig> StartAsync(RigOptions options, IJournalStore journal, TimeProvider clock, CancellationToken ct)
    {
        var random = new Random();
        var api = await StandIn.StartAsync(options.Folder, Ports.Take(random), ct);
        var rig = new ClusterRig(options, api, journal, clock, random);
        try
        {
            int[] ports = [.. Enumerable.Range(0, options.Nodes).Select(_ => Ports.Take(random))];
            foreach (int port in ports)
            {
                var node = rig.MakeNode(rig._nodes.Count, port, options.Nodes > 1 ? ports : []);
                rig._nodes.Add(node);
                node.Start();
            }

            await rig.ReadyAsync(TimeSpan.FromSeconds(90), ct);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes one more node that forms a cluster of its own on the same journal; it is not started yet.</summary>
    public SupervisedNode AddStranger()
    {
        int port = Ports.Take(_random);
        var node = MakeNode(_nodes.Count + _strangers.Count, port, [port]);
        _strangers.Add(node);
        return node;
    }

    /// <summary>What a node says of itself; null when it does not answer.</summary>
    public async Task<JsonNode?> StatusAsync(SupervisedNode node, CancellationToken ct)
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(node.Setup.Address, "/readyz"), ct);
            return await response.Content.ReadFromJsonAsync<JsonNode>(ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Text.Json.JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Waits until every node is ready and all see the same members Up.</summary>
    public Task ReadyAsync(TimeSpan deadline, CancellationToken ct)
    {
        string last = "";
        return Waiting.ForAsync(
            async () =>
            {
                foreach (var node in _nodes)
                {
                    var status = await StatusAsync(node, ct);
                    if (status?["ready"]?.GetValue<bool>() != true || !SeesAll(status))
                    {
                        last = $"node {node.Setup.Number}: {status?.ToJsonString() ?? "no answer"}";
                        return false;
                    }
                }

                return true;
            },
            deadline,
            () => $"not every node is ready: {last}",
            ct);
    }

    /// <summary>SIGTERM to all nodes at once, and their ends.</summary>
    /// <returns>The exit codes by node.</returns>
    public async Task<IReadOnlyList<NodeExit>> StopAsync()
    {
        int before = _exits.Count;
        await Task.WhenAll(_nodes.Concat(_strangers).Select(node => node.StopAsync(StopPatience)));
        return [.. _exits.Skip(before)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Concat(_strangers))
        {
            await node.DisposeAsync();
        }

        _client.Dispose();
        Api.Dispose();
    }

    private bool SeesAll(JsonNode status)
    {
        var members = status["cluster"]?["members"] as JsonArray;
        return _options.Nodes == 1
            || members?.Count(m => m!["status"]?.GetValue<string>() == "Up" && m["reachable"]?.GetValue<bool>() == true) == members?.Count && members?.Count >= _options.Nodes;
    }

    private SupervisedNode MakeNode(int number, int clusterPort, int[] seeds)
    {
        int port = Ports.Take(_random);
        var environment = new Dictionary<string, string>(Journal.Environment, StringComparer.Ordinal)
        {
            ["KUBECONFIG"] = Api.Kubeconfig,
            ["POD_NAMESPACE"] = "falco",
            ["LISTEN_ADDRESS"] = "127.0.0.1",
            ["LISTEN_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["LOG_FORMAT"] = "json",
            ["WATCH_RULES"] = "false",
            ["DEDUPLICATION_TIME_WINDOW_SECONDS"] = ((int)_options.Window.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            ["CLUSTER_HOST"] = "127.0.0.1",
            ["CLUSTER_PORT"] = clusterPort.ToString(CultureInfo.InvariantCulture),
        };
        if (seeds.Length > 0)
        {
            environment["CLUSTER_MODE"] = "static";
            environment["CLUSTER_SEED_NODES"] = string.Join(',', seeds.Select(seed => $"127.0.0.1:{seed}"));
        }

        var setup = new NodeSetup(number, new Uri($"http://127.0.0.1:{port}/"), clusterPort, environment, Path.Combine(_options.Folder, $"node-{number}.log"));
        return new SupervisedNode(setup, _options.Talon, _clock, _exits.Enqueue) { Rules = RulesA };
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_options.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
