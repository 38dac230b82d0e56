using Akka.Actor;
using Akka.Cluster.Sharding;
using Microsoft.Extensions.Logging.Abstractions;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Locks;
using Talon.Cluster.Node;
using Talon.Cluster.Sharding;
using Talon.Cluster.Tests.Support;

namespace Talon.Cluster.Tests.Node;

/// <summary>A real node: what the journal and the settings promise.</summary>
[Trait("Speed", "Slow")]
public sealed class NodeTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly string _folder = Directory.CreateTempSubdirectory("talon-test-").FullName;
    private TalonNode _node = null!;

    public async Task InitializeAsync() => _node = await StartAsync(_folder);

    public async Task DisposeAsync()
    {
        await _node.AbortAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Start_PortInUse_SaysSoInOneLine()
    {
        int port = _node.Cluster.SelfAddress.Port!.Value;
        string other = Directory.CreateTempSubdirectory("talon-test-").FullName;

        var e = await Assert.ThrowsAsync<ClusterStartException>(() => TalonNode.StartAsync(
            new TalonClusterOptions { Port = port, Journal = new JournalOptions.Sqlite(other) }, NullLoggerFactory.Instance, null, CancellationToken.None));

        Assert.Contains($"127.0.0.1:{port} is in use", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Directory.Delete(other, recursive: true);
    }

    [Fact]
    public void Start_Single_IsUpInAClusterOfOne()
    {
        Assert.True(_node.IsUp);
        Assert.Single(_node.Cluster.State.Members);
        Assert.Contains("talon", _node.Cluster.SelfMember.Roles);
    }

    [Fact]
    public void Shards_HandOff_BucketsSoonerThanLocks()
    {
        var buckets = BucketSettings.Of(_node.System);
        var settings = ClusterShardingSettings.Create(_node.System);

        // Akka stops an entity that does not hand off 5 s before its time.
        Assert.Equal(TimeSpan.FromSeconds(14), buckets.TuningParameters.HandOffTimeout);
        Assert.True(settings.TuningParameters.HandOffTimeout - TimeSpan.FromSeconds(5) > LockTimes.Grant);
        Assert.Equal((settings.Role, settings.StateStoreMode, settings.RememberEntities), (buckets.Role, buckets.StateStoreMode, buckets.RememberEntities));
        Assert.Equal(settings.TuningParameters.RetryInterval, buckets.TuningParameters.RetryInterval);
        Assert.Equal(settings.TuningParameters.BufferSize, buckets.TuningParameters.BufferSize);
        Assert.Equal(settings.CoordinatorSingletonSettings.SingletonName, buckets.CoordinatorSingletonSettings.SingletonName);
    }

    [Fact]
    public async Task Journal_TwoWritersOfOneBucket_OneIsFencedOff()
    {
        var first = _node.System.ActorOf(Props.Create(() => new FactWriter("fenced")));
        Assert.Equal(1L, await first.Ask<long>(1L, Deadline));
        var second = _node.System.ActorOf(Props.Create(() => new FactWriter("fenced")));
        Assert.Equal(2L, await second.Ask<long>(2L, Deadline));

        // The first does not know of fact 2 and tries to write its own fact 2: the unique index refuses it and Akka stops the actor.
        var stopped = first.WatchAsync();
        first.Tell(3L);
        Assert.True(await stopped.WaitAsync(Deadline));
        _node.VerifyJournal();
    }

    [Fact]
    public async Task Journal_WriterUuidsThatAlternate_AreAllReplayed()
    {
        // A bucket that lives here, then there, then here again leaves rows of two writers; the default filter drops some.
        for (long value = 1; value <= 4; value++)
        {
            var writer = _node.System.ActorOf(Props.Create(() => new FactWriter("moved")));
            Assert.Equal(value, await writer.Ask<long>(value, Deadline));
            Assert.True(await writer.GracefulStop(Deadline));
            if (value is 1 or 2)
            {
                await _node.AbortAsync();
                _node = await StartAsync(_folder);
            }
        }

        var reader = _node.System.ActorOf(Props.Create(() => new FactWriter("moved")));
        Assert.Equal([1L, 2L, 3L, 4L], await reader.Ask<List<long>>("read", Deadline));
    }

    [Fact]
    public async Task Serialization_UnregisteredType_IsRefused()
    {
        var writer = _node.System.ActorOf(Props.Create(() => new FactWriter("strict")));
        await writer.Ask<long>(1L, Deadline);
        var stopped = writer.WatchAsync();
        writer.Tell(new FactWriter.Unregistered());
        Assert.True(await stopped.WaitAsync(Deadline));
    }

    private static Task<TalonNode> StartAsync(string folder) => TalonNode.StartAsync(
        new TalonClusterOptions { Port = 0, Journal = new JournalOptions.Sqlite(folder) }, NullLoggerFactory.Instance, null, CancellationToken.None);
}
