using System.Security.Cryptography;
using Talon.Actors.Catalog;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Host.Configuration;
using Talon.Host.Endpoints;
using Talon.Rules.Catalog;

namespace Talon.Host.Composition;

/// <summary>Joins the host with the pipeline.</summary>
internal static class ServerPipeline
{
    public static PluginCatalog Catalog => PluginCatalog.Default;

    /// <exception cref="Cluster.Journal.JournalException">The file with the connection string of the journal cannot be read.</exception>
    public static void Add(IServiceCollection services, CliContext context, TalonOptions options)
    {
        var cluster = options.ToClusterOptions() with { Clock = context.Time };
        services.AddSingleton(cluster);
        services.AddSingleton(context.Hooks);
        AddKubernetes(services, context, options);
        services.AddSingleton(provider => new PipelineStatus(context.Time, cluster.Journal.Buckets));
        services.AddSingleton<IPipelineStatus>(provider => provider.GetRequiredService<PipelineStatus>());
        services.AddSingleton(provider => new PipelineParts
        {
            Actionners = Catalog.CreateActionners(provider.GetRequiredService<PluginPorts>()),
            Outputs = Catalog.CreateOutputs(provider.GetRequiredService<PluginPorts>()),
            Contexts = Catalog.CreateContexts(provider.GetRequiredService<PluginPorts>()),
            Notifiers = Catalog.CreateNotifiers(provider.GetRequiredService<PluginPorts>(), _ => ParameterMap.Empty),
            DefaultNotifiers = options.DefaultNotifiers,
            Probes = [new LoggedKubernetesProbe(provider.GetRequiredService<KubernetesConnection>(), provider.GetRequiredService<ITalonLog>())],
            Status = provider.GetRequiredService<PipelineStatus>(),
            Log = provider.GetRequiredService<ITalonLog>(),
            Meters = provider.GetRequiredService<TalonMeters>(),
            Clock = context.Time,
            Jitter = () => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20),
            EventsAreLogged = options.PrintAllEvents,
        });
        services.AddSingleton<NodeLocks>();
        services.AddSingleton<PipelineService>();
        services.AddSingleton<IIntake>(provider => provider.GetRequiredService<PipelineService>());
        services.AddSingleton<ILiveness>(provider => provider.GetRequiredService<PipelineService>());
        services.AddHostedService(provider => provider.GetRequiredService<PipelineService>());
    }

    private static void AddKubernetes(IServiceCollection services, CliContext context, TalonOptions options)
    {
        var environment = KubeEnvironment.Process with { Variable = name => context.Environment.GetValueOrDefault(name) };
        services.AddSingleton(ProtectedNamespaces.Create(options.ProtectedNamespaces, environment));
        services.AddSingleton(_ => new KubernetesConnection(
            new KubernetesOptions
            {
                Kubeconfig = options.KubeConfig,
                Version = BuildInfo.Version,
                ProtectedNamespaces = options.ProtectedNamespaces,
            },
            environment,
            context.Time,
            context.Hooks.KubernetesHandlers));
        services.AddSingleton(provider => new KubernetesPorts(
            provider.GetRequiredService<KubernetesConnection>(), provider.GetRequiredService<ProtectedNamespaces>(), context.Time));
        services.AddSingleton(provider =>
        {
            var ports = provider.GetRequiredService<KubernetesPorts>();
            return new PluginPorts
            {
                Kubernetes = ports,
                ProtectedNamespaces = provider.GetRequiredService<ProtectedNamespaces>(),
                Clock = context.Time,
                Log = provider.GetRequiredService<ITalonLog>(),
                Guards = provider.GetRequiredService<NodeLocks>(),
            };
        });
    }
}
