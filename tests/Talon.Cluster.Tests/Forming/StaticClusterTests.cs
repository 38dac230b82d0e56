using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;
using Talon.Cluster.Forming;
using Talon.Cluster.Forming.Healing;
using Talon.Cluster.Journal;
using Talon.Cluster.Membership;
using Talon.Cluster.Node;
using Talon.Cluster.Tests.Support;
using Talon.Cluster.Tests.Wire;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Tests.Forming;

/// <summary>Nodes that find each other through seed nodes, and their buckets.</summary>
[Trait("Speed", "Slow")]
public sealed class StaticClusterTests
{
    private const int Buckets = 8;

    [Fact]
    public async Task Start_ThreeNodes_FormOneCluster()
    {
        await using var nodes = await StaticNodes.StartAsync(3);

        var view = nodes[2].View;

        Assert.Equal(nodes[2].Address, view.Node);
        Assert.Equal("Up", view.Membership);
        Assert.Equal(new[] { nodes[0].Address, nodes[1].Address, nodes[2].Address }.Order(StringComparer.Ordinal), view.Members.Select(m => m.Address));
        Assert.All(view.Members, member => Assert.Equal("1.2.3", member.Version));
        Assert.Single(nodes[0].Cluster.State.Members.Select(m => m.AppVersion).Distinct());
    }

    [Fact]
    public async Task Start_NoSeedAnswers_WaitsByTheClockItIsGiven()
    {
        int[] ports = FreePorts.Take(2);
        string folder = Directory.CreateTempSubdirectory("talon-test-").FullName;

        var start = TalonNode.StartAsync(
            new TalonClusterOptions
            {
                Mode = ClusterMode.StaticSeeds,
                Port = ports[0],
                SeedNodes = [new NodeAddress("127.0.0.1", ports[1])],
                JoinTimeout = TimeSpan.FromHours(1),
                Clock = new FastClock(),
                Journal = new JournalOptions.Sqlite(folder),
            },
            NullLoggerFactory.Instance,
            null,
            CancellationToken.None);
        var e = await Assert.ThrowsAsync<ClusterStartException>(() => start.WaitAsync(StaticNodes.Deadline));

        Assert.Contains("did not become a member within 3600 s", e.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Start_NoSeedAnswers_EndsInTimeAndNamesThem()
    {
        int[] ports = FreePorts.Take(2);
        string folder = Directory.CreateTempSubdirectory("talon-test-").FullName;

        var e = await Assert.ThrowsAsync<ClusterStartException>(() => TalonNode.StartAsync(
            new TalonClusterOptions
            {
                Mode = ClusterMode.StaticSeeds,
                Port = ports[0],
                SeedNodes = [new NodeAddress("127.0.0.1", ports[1])],
                JoinTimeout = TimeSpan.FromSeconds(2),
                Journal = new JournalOptions.Sqlite(folder),
            },
            NullLoggerFactory.Instance,
            null,
            CancellationToken.None));

        Assert.Contains($"did not become a member within 2 s; are the seed nodes 127.0.0.1:{ports[1]} running", e.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task IsGone_ProcessReplacedOnItsAddress_IsProvenByMembership()
    {
        await using var nodes = await StaticNodes.StartAsync(3);
        var (address, incarnation) = (nodes[1].Address, nodes[1].Incarnation);
        Assert.False(nodes[0].IsGone(address, incarnation));
        Assert.False(nodes[1].IsGone(address, incarnation));

        await nodes.CrashAsync(1);
        Assert.False(nodes[0].IsGone(address, incarnation)); // silent is not over
        await nodes.StartOneAsync(1);
        await nodes.SeeEachOtherAsync();

        // A node that does not know yet whether it may believe what it sees knows only of its own address.
        Assert.True(nodes[1].IsGone(address, incarnation));
        Assert.False(nodes[0].IsGone(address, incarnation));
        Assert.All([0, 1, 2], node => nodes[node].StartLocks(TimeProvider.System));
        await nodes.WaitAsync(() => Enumerable.Range(0, 3).All(node => nodes[node].IsGone(address, incarnation)));
        Assert.All([0, 1, 2], node => Assert.False(nodes[node].IsGone(address, nodes[1].Incarnation)));
        Assert.NotEqual(incarnation, nodes[1].Incarnation);
    }

    [Fact]
    public async Task Buckets_HandedOver_AreReachedFromEveryNodeAlsoFromTheOneThatLeaves()
    {
        await using var nodes = await StaticNodes.StartAsync(3);
        var regions = Enumerable.Range(0, 3).Select(i => nodes[i].StartBuckets(_ => Props.Create(() => new Host()))).ToList();
        foreach (var region in regions)
        {
            Assert.All(await HostsAsync(region.Door), host => Assert.Contains(host, nodes[0].View.Members.Select(m => m.Address)));
        }

        string leaving = nodes[0].Address;
        await regions[0].HandOverAsync();

        foreach (var region in regions)
        {
            Assert.DoesNotContain(leaving, await HostsAsync(region.Door));
        }

        await nodes.StopAsync(0);
        await nodes.SeeEachOtherAsync();
    }

    [Fact]
    public async Task Buckets_NodeThatComesLater_GetsItsShare()
    {
        await using var nodes = await StaticNodes.StartAsync(2);
        await nodes.StopAsync(1);
        await nodes.SeeEachOtherAsync();
        var first = nodes[0].StartBuckets(_ => Props.Create(() => new Host()));
        Assert.All(await HostsAsync(first.Door), host => Assert.Equal(nodes[0].Address, host));

        await nodes.StartOneAsync(1);
        nodes[1].StartBuckets(_ => Props.Create(() => new Host()));

        // The regions are asked for real here: one that could not answer would keep everything where it is.
        using var deadline = new CancellationTokenSource(StaticNodes.Deadline);
        while (!(await HostsAsync(first.Door)).Contains(nodes[1].Address, StringComparer.Ordinal))
        {
            Assert.False(deadline.IsCancellationRequested, "nothing moves");
        }
    }

    [Fact]
    public async Task Buckets_StoppedByThemselves_AreMadeAgain()
    {
        await using var nodes = await StaticNodes.StartAsync(1);
        var region = nodes[0].StartBuckets(_ => Props.Create(() => new Host()));
        await HostsAsync(region.Door);

        region.Door.Tell(new EventProtocol.ActionFinished(new ActionKey(3, 1, 0, 1, 1), Sample.Finished.Outcome)); // stops it
        Assert.Equal(nodes[0].Address, await HostAsync(region.Door, 3));
    }

    [Fact]
    public async Task Down_ANode_EndsItsActorSystem()
    {
        await using var nodes = await StaticNodes.StartAsync(3);

        nodes[0].Cluster.Down(nodes[2].Cluster.SelfAddress);

        await nodes[2].System.WhenTerminated.WaitAsync(StaticNodes.Deadline);
        await nodes.CrashAsync(2);
        await nodes.SeeEachOtherAsync();
    }

    [Fact]
    public async Task Islands_TheSmallerSideEndsAndJoinsTheOther()
    {
        // The first node starts while the others cannot be asked: it forms a cluster of its own.
        await using var nodes = await StaticNodes.StartAsync(3);
        nodes.Isolated = 0;
        await nodes.CrashAsync(0);
        await nodes.SeeEachOtherAsync();
        await nodes.StartOneAsync(0);
        Assert.Single(nodes[0].View.Members);

        // It was told of the other seed nodes only now.
        nodes[0].System.ActorOf(DuplicateClusterWatch.CreateProps(nodes.Seeds), "second-look");

        await nodes[0].System.WhenTerminated.WaitAsync(StaticNodes.Deadline);
        nodes.Isolated = null;
        await nodes.CrashAsync(0);
        await nodes.StartOneAsync(0);
        await nodes.SeeEachOtherAsync();
    }

    private static async Task<string[]> HostsAsync(IActorRef door) =>
        await Task.WhenAll(Enumerable.Range(0, Buckets).Select(bucket => HostAsync(door, bucket)));

    // Asked again as the intake does: a bucket may be moving.
    private static async Task<string> HostAsync(IActorRef door, int bucket)
    {
        using var deadline = new CancellationTokenSource(StaticNodes.Deadline);
        while (true)
        {
            try
            {
                var reply = await door.Ask<EventProtocol.IngestReply.Refused>(new EventProtocol.Ingest(bucket, Sample.Delivery, Sample.Id, Sample.TraceId, Sample.Plan, Sample.Event), TimeSpan.FromSeconds(2), deadline.Token);
                return reply.Reason;
            }
            catch (AskTimeoutException)
            {
                Assert.False(deadline.IsCancellationRequested, $"bucket {bucket} does not answer");
            }
        }
    }

    /// <summary>Stands for a bucket: says on which node it lives, stops by itself when told of an outcome.</summary>
    private sealed class Host : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case EventProtocol.Ingest:
                    Sender.Tell(new EventProtocol.IngestReply.Refused("test", Akka.Cluster.Cluster.Get(Context.System).SelfAddress.ToString()));
                    break;
                case EventProtocol.ActionFinished:
                case EventProtocol.HandOff:
                    Context.Stop(Self);
                    break;
                case EventProtocol.Wake:
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }
    }
}
