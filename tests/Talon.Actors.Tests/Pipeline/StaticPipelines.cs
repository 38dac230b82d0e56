using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Locks;
using Talon.Cluster.Membership;
using Talon.Cluster.Node;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Pipeline;

/// <summary>
/// Several nodes of one static cluster in this process, each with its whole pipeline. Each has a SQLite journal of its own, which is
/// enough for as long as no bucket moves.
/// </summary>
internal sealed class StaticPipelines : IAsyncDisposable
{
    private const int Buckets = 8;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly string _folder;
    private readonly TalonNode[] _nodes;
    private readonly ClusterLocks[] _locks;
    private readonly List<TalonPipeline> _pipelines = [];

    private StaticPipelines(string folder, TalonNode[] nodes, ClusterLocks[] locks)
    {
        _folder = folder;
        _nodes = nodes;
        _locks = locks;
    }

    public ConcurrentQueue<LogLine> Lines { get; } = new();

    public IReadOnlyList<LogLine> Final =>
        [.. Lines.Where(line => line.Message == "action" && line.Status is "success" or "failure" or "ignored")];

    /// <summary>Starts the nodes, then their pipelines, and waits until the buckets are spread and stay where they are.</summary>
    /// <param name="count">How many nodes.</param>
    /// <param name="lockClock">The clock of the locks.</param>
    /// <param name="actionners">Makes the actionners of a node from its locks.</param>
    public static async Task<StaticPipelines> StartAsync(int count, TimeProvider lockClock, Func<IClusterLocks, IReadOnlyList<IActionner>> actionners)
    {
        string folder = Directory.CreateTempSubdirectory("talon-test-").FullName;
        int[] ports = FreePorts.Take(count);
        var nodes = await Task.WhenAll(ports.Select(port => TalonNode.StartAsync(
            new TalonClusterOptions
            {
                Mode = ClusterMode.StaticSeeds,
                Port = port,
                SeedNodes = [.. ports.Select(seed => new NodeAddress("127.0.0.1", seed))],
                Journal = new JournalOptions.Sqlite(Path.Combine(folder, port.ToString())) { Buckets = Buckets },
            },
            NullLoggerFactory.Instance,
            ConfigurationFactory.ParseString("akka.cluster { seed-node-timeout = 1s, sharding.rebalance-interval = 1s }"),
            CancellationToken.None)));
        await Eventually.TrueAsync(() => nodes.All(node => node.View.Members.Count(member => member.Status == "Up") == count), Deadline);
        var rig = new StaticPipelines(folder, nodes, [.. nodes.Select(node => node.StartLocks(lockClock))]);
        for (int i = 0; i < count; i++)
        {
            rig._pipelines.Add(await rig.StartPipelineAsync(i, actionners(rig._locks[i])));
        }

        await rig.SpreadAsync();
        return rig;
    }

    public Task<IntakeResult> AcceptAsync(int node, FalcoEvent falcoEvent, EventPlan plan) =>
        _pipelines[node].Intake.AcceptAsync(falcoEvent, plan, default, "0123456789abcdef0123456789abcdef", CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.AbortAsync()));
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<TalonPipeline> StartPipelineAsync(int index, IReadOnlyList<IActionner> actionners) => TalonPipeline.StartAsync(
        _nodes[index],
        Buckets,
        new PipelineOptions(),
        new PipelineParts
        {
            Actionners = actionners,
            Probes = [],
            Log = new CapturingLog(Lines),
            Meters = new TalonMeters(_services.GetRequiredService<IMeterFactory>()),
            Clock = TimeProvider.System,
            Jitter = () => 0.5,
        },
        CancellationToken.None);

    // Eight buckets on three nodes: three, three and two, and then no bucket moves any more.
    private async Task SpreadAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            var shards = await Task.WhenAll(_nodes.Select(async node =>
                (await ClusterSharding.Get(node.System).ShardRegion(ActorNames.EventShards)
                    .Ask<CurrentShardRegionState>(GetShardRegionState.Instance, deadline.Token)).Shards.Count));
            if (shards.Sum() == Buckets && shards.Max() - shards.Min() <= 1)
            {
                return;
            }

            await Task.Delay(50, deadline.Token);
        }
    }

    private sealed class CapturingLog(ConcurrentQueue<LogLine> lines) : ITalonLog
    {
        public void Write(LogLine line) => lines.Enqueue(line);
    }
}
