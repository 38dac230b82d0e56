using System.Collections.Immutable;
using System.Security.Cryptography;
using Akka.Configuration;
using Talon.Actors.Catalog;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Outputs;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Node;
using Talon.Host.Configuration;
using Talon.Host.Logging;
using Talon.Host.Reload;

namespace Talon.Host.Composition;

/// <summary>
/// The node with its pipeline, open and a member of its cluster. It ends in this order: first the running actions, then the
/// membership, then the actor system.
/// </summary>
internal sealed class ServerPipeline(TalonNode node, TalonPipeline pipeline, SharedRules rules, ImmutableArray<IDisposable> connections)
{
    private Task _drain = Task.CompletedTask;

    public static PluginCatalog Catalog => PluginCatalog.Default;

    /// <summary>The door for events.</summary>
    public IIntake Intake => pipeline.Intake;

    /// <summary>What the node says about itself.</summary>
    public PipelineStatus Status => pipeline.Status;

    /// <summary>Where the parts of this server tell people that something is wrong with them.</summary>
    public StateNotices Notices => pipeline.Notices;

    /// <summary>The rules of all nodes.</summary>
    public SharedRules Rules => rules;

    /// <summary>Opens the journal, starts the node and its pipeline, and joins the cluster.</summary>
    /// <exception cref="ClusterStartException">The port is in use, or the node does not become a member in time.</exception>
    /// <exception cref="JournalException">The journal cannot be used.</exception>
    public static async Task<ServerPipeline> OpenAsync(
        CliContext context, ServerSetup setup, TalonClusterOptions cluster, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var options = setup.Options;
        var environment = KubeEnvironment.Process with { Variable = name => context.Environment.GetValueOrDefault(name) };
        var namespaces = ProtectedNamespaces.Create(options.ProtectedNamespaces, environment);
        LogBrakes(options, namespaces, setup.Log);
        if (options.Journal.IsPostgreSql)
        {
            await SqliteMigrationCheck.IsFinishedAsync(options.Journal.Path, cancellationToken);
        }

        var extra = context.Hooks.Hocon is { } hocon ? ConfigurationFactory.ParseString(hocon) : null;
        var node = await TalonNode.OpenAsync(cluster, loggers, extra, cancellationToken);
        var kubernetes = new KubernetesConnection(
            new KubernetesOptions { Kubeconfig = options.KubeConfig, Version = BuildInfo.Version, ProtectedNamespaces = options.ProtectedNamespaces },
            environment,
            context.Time,
            context.Hooks.KubernetesHandlers);
        var aws = new AwsConnection(setup.Clouds.Aws, environment.Variable, context.Time);
        var gcp = new GcpConnection(setup.Clouds.Gcp, context.Time, new GcpEnvironment(environment.Variable));
        try
        {
            var ports = new PluginPorts
            {
                Kubernetes = new KubernetesPorts(kubernetes, namespaces, context.Time),
                ProtectedNamespaces = namespaces,
                Aws = aws,
                Gcp = gcp,
                Clock = context.Time,
                Log = setup.Log,
                Locks = node.StartLocks(context.Time),
            };
            var parts = new PipelineParts
            {
                Actionners = Catalog.CreateActionners(ports),
                Outputs = Catalog.CreateOutputs(new OutputPorts
                {
                    Aws = aws,
                    Gcp = gcp,
                    Minio = setup.Clouds.Minio,
                    Spool = options.Spool,
                    Clock = context.Time,
                    Jitter = Jitter,
                }),
                Contexts = Catalog.CreateContexts(ports),
                Notifiers = Catalog.CreateNotifiers(ports, setup.Notifiers.Of),
                DefaultNotifiers = options.DefaultNotifiers,
                Probes = [new LoggedKubernetesProbe(kubernetes, setup.Log), new ProbeInUse(aws, setup.Book), new ProbeInUse(gcp, setup.Book)],
                Log = setup.Log,
                Meters = setup.Meters,
                Clock = context.Time,
                Jitter = Jitter,
                EventsAreLogged = options.PrintAllEvents,
            };
            var pipeline = await TalonPipeline.StartAsync(node, cluster.Journal.Buckets, options.Pipeline, parts, cancellationToken);
            return new ServerPipeline(node, pipeline, new SharedRules(node, setup.Book, setup.Log, context.Time), [kubernetes, aws, gcp]);
        }
        catch
        {
            await node.AbortAsync();
            Close([kubernetes, aws, gcp]);
            throw;
        }
    }

    /// <summary>From now on no action is started and the running ones have their grace, while the web server still answers its last requests.</summary>
    public void BeginDrain() => _drain = pipeline.DrainAsync();

    /// <summary>Waits for the running actions and leaves the cluster.</summary>
    public async Task StopAsync()
    {
        await _drain;
        await node.StopAsync();
        Close(connections);
    }

    private static double Jitter() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);

    private static void Close(ImmutableArray<IDisposable> connections)
    {
        foreach (var connection in connections)
        {
            connection.Dispose();
        }
    }

    private static void LogBrakes(TalonOptions options, ProtectedNamespaces namespaces, TalonLog log)
    {
        if (options.Pipeline.DryRun)
        {
            log.Write(new LogLine("init") { Level = LogLineLevel.Warn, Result = "dry_run is on: no action changes anything" });
        }

        string names = string.Join(", ", namespaces.Names);
        log.Write(new LogLine("init") { Result = $"protected namespaces: {(names.Length > 0 ? names : "none")}" });
    }
}
