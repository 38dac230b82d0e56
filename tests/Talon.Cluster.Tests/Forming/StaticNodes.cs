using Akka.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Membership;
using Talon.Cluster.Node;

namespace Talon.Cluster.Tests.Forming;

/// <summary>Several nodes of one static cluster in this process. Each has a journal of its own that nothing is written to.</summary>
internal sealed class StaticNodes : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // A crash says nothing to the others: the actor system must not leave the cluster when it is ended.
    private const string Hocon = """
        akka.cluster.seed-node-timeout = 1s
        akka.cluster.sharding.rebalance-interval = 1s
        akka.coordinated-shutdown.run-by-actor-system-terminate = off
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("talon-test-").FullName;
    private readonly int[] _ports;
    private readonly TalonNode?[] _nodes;

    private StaticNodes(int count)
    {
        _ports = FreePorts.Take(count);
        _nodes = new TalonNode?[count];
    }

    public System.Collections.Immutable.ImmutableArray<NodeAddress> Seeds => [.. _ports.Select(port => new NodeAddress("127.0.0.1", port))];

    /// <summary>The node that knows of no other when it starts; null for none.</summary>
    public int? Isolated { get; set; }

    public TalonNode this[int index] => _nodes[index]!;

    public int Count => _nodes.Length;

    /// <summary>The address of a node, also of one that does not run.</summary>
    public string AddressOf(int index) => new NodeAddress("127.0.0.1", _ports[index]).ToAkka().ToString();

    public static async Task<StaticNodes> StartAsync(int count)
    {
        var nodes = new StaticNodes(count);
        await Task.WhenAll(Enumerable.Range(0, count).Select(nodes.StartOneAsync));
        await nodes.SeeEachOtherAsync();
        return nodes;
    }

    /// <summary>Starts a node on its address; after <see cref="CrashAsync"/> it is another process for all that the others can see.</summary>
    public async Task StartOneAsync(int index) => _nodes[index] = await TalonNode.StartAsync(
        new TalonClusterOptions
        {
            Mode = ClusterMode.StaticSeeds,
            Port = _ports[index],
            SeedNodes = index == Isolated ? [Seeds[index]] : Seeds,
            JoinTimeout = Deadline,
            Version = "1.2.3",
            Journal = new JournalOptions.Sqlite(Path.Combine(_folder, index.ToString())),
        },
        NullLoggerFactory.Instance,
        ConfigurationFactory.ParseString(Hocon),
        CancellationToken.None);

    /// <summary>Ends the actor system without a word to the others.</summary>
    public async Task CrashAsync(int index)
    {
        await _nodes[index]!.AbortAsync();
        _nodes[index] = null;
    }

    public async Task StopAsync(int index)
    {
        await _nodes[index]!.StopAsync();
        _nodes[index] = null;
    }

    /// <summary>Waits until every running node sees exactly the running nodes, all Up.</summary>
    public Task SeeEachOtherAsync() => WaitAsync(() =>
    {
        var running = _nodes.OfType<TalonNode>().ToList();
        return running.TrueForAll(node => node.View is var view
            && view.Members.Length == running.Count
            && view.Members.All(member => member is { Status: "Up", Reachable: true }));
    });

    public async Task WaitAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"not in time; {string.Join("; ", _nodes.Select(node => node?.View.ToString() ?? "down"))}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.OfType<TalonNode>())
        {
            await node.AbortAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
