using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Akka.Persistence.Sql;
using Akka.Serialization;
using Microsoft.Extensions.Logging;
using Talon.Cluster.Guarding;
using Talon.Cluster.Hocon;
using Talon.Cluster.Journal;
using Talon.Cluster.Protocol;
using Talon.Cluster.Serialization;
using Talon.Cluster.Sharding;

namespace Talon.Cluster;

/// <summary>
/// One node of the cluster: the actor system with remoting, membership, sharding and the journal. In single mode it joins itself
/// and forms a cluster of one, the same as any other.
/// </summary>
public sealed class TalonNode : IAsyncDisposable
{
    private static readonly TimeSpan JoinDeadline = TimeSpan.FromSeconds(20);

    private readonly SqliteJournal _journal;
    private readonly int _buckets;

    private TalonNode(ActorSystem system, SqliteJournal journal, int buckets)
    {
        System = system;
        _journal = journal;
        _buckets = buckets;
        Cluster = Akka.Cluster.Cluster.Get(system);
        Incarnation = Guid.NewGuid().ToString("N");
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

    /// <summary>Starts the node and waits until it is Up in a cluster of one.</summary>
    /// <param name="options">Address, port, journal, buckets.</param>
    /// <param name="loggerFactory">Where Akka's log lines go.</param>
    /// <param name="extra">Settings that win over all others; null for none. Tests put their own journal class here.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterStartException">The port is in use, or the node does not come up.</exception>
    /// <exception cref="JournalException">The journal cannot be used.</exception>
    public static async Task<TalonNode> StartAsync(
        TalonClusterOptions options, ILoggerFactory loggerFactory, Config? extra, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var journal = SqliteJournal.Open(options.DataDirectory, options.Buckets);
        TalonNode? node = null;
        try
        {
            node = new TalonNode(CreateSystem(options, journal, loggerFactory, extra), journal, options.Buckets);
            await node.Cluster.JoinAsync(node.Cluster.SelfAddress, cancellationToken).ConfigureAwait(false);
            await node.SeeItselfUpAsync(cancellationToken).ConfigureAwait(false);
            return node;
        }
        catch
        {
            if (node is not null)
            {
                await node.AbortAsync().ConfigureAwait(false);
            }
            else
            {
                journal.Dispose();
            }

            throw;
        }
    }

    /// <summary>Starts the region of the event buckets and makes all of them wake up.</summary>
    /// <param name="bucketProps">How to make bucket number n.</param>
    /// <returns>The region: any <see cref="IBucketMessage"/> sent to it reaches its bucket.</returns>
    public IActorRef StartBuckets(Func<int, Props> bucketProps)
    {
        ArgumentNullException.ThrowIfNull(bucketProps);
        var sharding = ClusterSharding.Get(System);
        var settings = ClusterShardingSettings.Create(System);
        var region = sharding.Start(
            ActorNames.EventShards,
            entityId => bucketProps(int.Parse(entityId)),
            settings,
            new BucketMessageExtractor(_buckets),
            sharding.DefaultShardAllocationStrategy(settings),
            EventProtocol.HandOff.Instance);
        System.ActorOf(BucketWaker.CreateProps(region, _buckets), "bucket-waker");
        return region;
    }

    /// <summary>Starts this node's part of the guards, which let in one at a time over all nodes.</summary>
    /// <param name="clock">The clock.</param>
    public ClusterGuards StartGuards(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return ClusterGuards.Start(System, alone: true, clock);
    }

    /// <summary>Checks the fence of the journal; call it once a bucket has recovered, when the tables exist.</summary>
    /// <exception cref="JournalException">The unique index is missing.</exception>
    public void VerifyJournal() => _journal.VerifyFence();

    /// <summary>Leaves the cluster through Akka's coordinated shutdown and ends the actor system.</summary>
    public async Task StopAsync()
    {
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance).ConfigureAwait(false);
        _journal.Dispose();
    }

    /// <summary>Ends the actor system at once, without handing anything over: for a start that failed half way, and for tests.</summary>
    public async Task AbortAsync()
    {
        await System.Terminate().ConfigureAwait(false);
        _journal.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>The settings as the node uses them, in the order typed options, files, library defaults.</summary>
    /// <param name="options">The typed options.</param>
    /// <param name="extra">Settings that win over all others; null for none.</param>
    internal static Config BuildConfig(TalonClusterOptions options, Config? extra)
    {
        var typed = ConfigurationFactory.ParseString(
            $$"""
            akka.remote.dot-netty.tcp {
              hostname = "{{options.Host}}"
              port = {{options.Port}}
            }
            """);
        return (extra ?? Config.Empty)
            .WithFallback(typed)
            .WithFallback(HoconFiles.Read("sqlite.conf"))
            .WithFallback(HoconFiles.Read("journal.conf"))
            .WithFallback(HoconFiles.Read("talon.conf"))
            .WithFallback(SqlPersistence.DefaultConfiguration)
            .WithFallback(ClusterSharding.DefaultConfig());
    }

    // The join is answered a moment before the node's own view of its membership says so, and actions ask that view.
    private async Task SeeItselfUpAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(JoinDeadline);
        while (!IsUp)
        {
            try
            {
                await Task.Delay(10, deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ClusterStartException($"the node {Address} did not come up within {JoinDeadline.TotalSeconds:0} s", e);
            }
        }
    }

    private static ActorSystem CreateSystem(TalonClusterOptions options, SqliteJournal journal, ILoggerFactory loggerFactory, Config? extra)
    {
        var loggers = ConfigurationFactory.ParseString(
            """akka.loggers = ["Akka.Hosting.Logging.LoggerFactoryLogger, Akka.Hosting"]""");
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(loggers.WithFallback(BuildConfig(options, extra))),
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
                : $"cannot be bound: {socket.Message}; check cluster.host";
            throw new ClusterStartException($"the cluster port {options.Host}:{options.Port} {why}", e);
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
