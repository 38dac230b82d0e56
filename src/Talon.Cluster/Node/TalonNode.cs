using System.Globalization;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Akka.Serialization;
using Microsoft.Extensions.Logging;
using Talon.Cluster.Forming;
using Talon.Cluster.Forming.Healing;
using Talon.Cluster.Journal;
using Talon.Cluster.Locks;
using Talon.Cluster.Membership;
using Talon.Cluster.Sharding;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Node;

/// <summary>
/// One node of the cluster: the actor system with remoting, membership, sharding and the journal. In single mode it joins itself
/// and forms a cluster of one, the same as any other.
/// </summary>
public sealed class TalonNode : IAsyncDisposable
{
    private readonly IJournal _journal;
    private readonly TalonClusterOptions _options;
    private ClusterLocks? _locks;

    private TalonNode(ActorSystem system, IJournal journal, TalonClusterOptions options)
    {
        System = system;
        _journal = journal;
        _options = options;
        Cluster = Akka.Cluster.Cluster.Get(system);
        Incarnation = Membership.Incarnation.New(Cluster.SelfUniqueAddress.Uid);
    }

    /// <summary>The actor system, named <c>talon</c>.</summary>
    public ActorSystem System { get; }

    /// <summary>The membership of this node.</summary>
    public Akka.Cluster.Cluster Cluster { get; }

    /// <summary>The identity of this process: a new one for each start, also on the same address.</summary>
    public string Incarnation { get; }

    /// <summary>The address by which the node is known, <c>akka.tcp://talon@host:port</c>.</summary>
    public string Address => Cluster.SelfAddress.ToString();

    /// <summary>Whether this node is an Up member now. Safe to ask from any thread.</summary>
    public bool IsUp => !Cluster.IsTerminated && Cluster.SelfMember.Status == MemberStatus.Up;

    /// <summary>Whether this node forms a cluster of one.</summary>
    public bool IsSingle => _options.Mode == ClusterMode.SingleNode;

    /// <summary>The cluster as this node sees it now. Safe to ask from any thread.</summary>
    public ClusterView View => ClusterView.Of(Cluster);

    /// <summary>
    /// Whether the process that wrote a fact is provably over. For a single node whose journal belongs to one process every other
    /// one is. Among the nodes of a cluster a process is over when another one has its address: two cannot listen on one port, and a
    /// StatefulSet makes a pod only when the one of that name before it has ended. A member list that may be old proves nothing: only
    /// one that is not believed to be frozen and reaches a majority says more than what it knows of its own address. Safe to ask from
    /// any thread.
    /// </summary>
    /// <param name="address">The address of the node that ran it.</param>
    public bool IsGone(string address, string incarnation) =>
        incarnation != Incarnation
        && (IsSingle
            ? _journal.IsExclusive
            : address == Address || (_locks is { IsViewReliable: true } && Cluster.State.Members.Any(member =>
                member.Address.ToString() == address && !Membership.Incarnation.IsOf(incarnation, member.UniqueAddress.Uid))));

    /// <summary>Opens the journal, starts the actor system, and joins: <see cref="OpenAsync"/> and <see cref="JoinAsync"/>.</summary>
    /// <param name="extra">Settings that win over all others; null for none. Tests put their own journal class here.</param>
    /// <exception cref="ClusterStartException">The port is in use, or the node does not come up.</exception>
    /// <exception cref="JournalException">The journal cannot be used.</exception>
    public static async Task<TalonNode> StartAsync(
        TalonClusterOptions options, ILoggerFactory loggerFactory, Config? extra, CancellationToken cancellationToken)
    {
        var node = await OpenAsync(options, loggerFactory, extra, cancellationToken);
        try
        {
            await node.JoinAsync(cancellationToken);
            return node;
        }
        catch
        {
            await node.AbortAsync();
            throw;
        }
    }

    /// <summary>Opens the journal and starts the actor system, which belongs to no cluster yet.</summary>
    /// <param name="extra">Settings that win over all others; null for none. Tests put their own journal class here.</param>
    /// <exception cref="ClusterStartException">The port is in use.</exception>
    /// <exception cref="JournalException">The journal cannot be used.</exception>
    public static async Task<TalonNode> OpenAsync(
        TalonClusterOptions options, ILoggerFactory loggerFactory, Config? extra, CancellationToken cancellationToken)
    {
        var journal = await Journals.OpenAsync(options.Journal, loggerFactory, options.Clock, cancellationToken);
        try
        {
            return new TalonNode(CreateSystem(options, journal, loggerFactory, extra), journal, options);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Joins the cluster and waits until this node is an Up member. Buckets that were started before are then ready to take part at
    /// once: the others count on every member when they agree on who owns what.
    /// </summary>
    /// <exception cref="ClusterStartException">The node does not come up in time.</exception>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        if (IsUp)
        {
            return;
        }

        if (_options.Mode == ClusterMode.StaticSeeds)
        {
            System.ActorOf(DuplicateClusterWatch.CreateProps(_options.SeedNodes), DuplicateClusterWatch.Name);
        }

        await ClusterJoin.RunAsync(Cluster, _options, cancellationToken);
    }

    /// <summary>Starts the event buckets and makes all of them wake up.</summary>
    /// <param name="bucketProps">How to make bucket number n. It is made again, with growing pauses, whenever it has stopped by itself.</param>
    public BucketRegion StartBuckets(Func<int, Props> bucketProps)
    {
        var sharding = ClusterSharding.Get(System);
        var settings = BucketSettings.Of(System);
        var extractor = new BucketMessageExtractor(_options.Journal.Buckets);
        var region = sharding.Start(
            ActorNames.EventShards,
            entityId => BucketSupervisor.CreateProps(bucketProps(int.Parse(entityId, CultureInfo.InvariantCulture))),
            settings,
            extractor,
            CautiousAllocation.Of(System, settings),
            EventProtocol.HandOff.Instance);

        // A region that has handed its buckets over ends; what this node still has to say to them goes another way.
        var door = IsSingle ? region : sharding.StartProxy(ActorNames.EventShards, ActorNames.Talon, extractor);
        System.ActorOf(BucketWaker.CreateProps(door, _options.Journal.Buckets), "bucket-waker");
        return new BucketRegion(Cluster, region, door, _options.Clock);
    }

    /// <summary>Starts this node's part of the locks, which let in one at a time over all nodes. Who asks before this node has joined waits.</summary>
    public ClusterLocks StartLocks(TimeProvider clock) => _locks = ClusterLocks.Start(System, IsSingle && _journal.IsExclusive, clock);

    /// <summary>Checks the fence of the journal; call it once a bucket has recovered, when the tables exist.</summary>
    /// <exception cref="JournalException">The unique index is missing.</exception>
    public void VerifyJournal() => _journal.VerifyFence();

    /// <summary>Leaves the cluster through Akka's coordinated shutdown and ends the actor system.</summary>
    public async Task StopAsync()
    {
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        _journal.Dispose();
    }

    /// <summary>Ends the actor system at once, without handing anything over: for a start that failed half way, and for tests.</summary>
    public async Task AbortAsync()
    {
        await System.Terminate();
        _journal.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static ActorSystem CreateSystem(TalonClusterOptions options, IJournal journal, ILoggerFactory loggerFactory, Config? extra)
    {
        var loggers = ConfigurationFactory.ParseString(
            """akka.loggers = ["Akka.Hosting.Logging.LoggerFactoryLogger, Akka.Hosting"]""");
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(loggers.WithFallback(NodeSettings.Build(options, extra))),
            new LoggerFactorySetup(loggerFactory),
            journal.CreateSetup(),
            SerializationSetup.Create(system =>
                [SerializerDetails.Create(ActorNames.Talon, new TalonSerializer(system), [.. TalonSerializer.BoundTypes])]));
        try
        {
            return ActorSystem.Create(ActorNames.Talon, setup);
        }
        catch (Exception e) when (FindSocketError(e) is { } socket)
        {
            string why = socket.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "is in use by another process; stop it, or set cluster.port to a free one (0 takes any)"
                : $"cannot be bound: {socket.Message}; check cluster.bind_address and cluster.host";
            throw new ClusterStartException($"the cluster port {TalonClusterOptions.ListenAddress(options.Host, options.BindAddress)}:{options.Port} {why}", e);
        }
    }

    private static SocketException? FindSocketError(Exception e) => e switch
    {
        SocketException socket => socket,
        AggregateException many => many.Flatten().InnerExceptions.Select(FindSocketError).FirstOrDefault(s => s is not null),
        { InnerException: { } inner } => FindSocketError(inner),
        _ => null,
    };
}
