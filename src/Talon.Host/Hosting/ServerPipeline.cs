using System.Security.Cryptography;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Host.Cli;
using Talon.Host.Configuration;

namespace Talon.Host.Hosting;

/// <summary>Registers the pipeline of the shipped program: the node, the actionners and their clients.</summary>
internal static class ServerPipeline
{
    /// <summary>Registers the pipeline.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="context">The process.</param>
    /// <param name="options">The configuration.</param>
    public static void Add(IServiceCollection services, CliContext context, TalonOptions options)
    {
        var environment = KubeEnvironment.Process with { Variable = name => context.Environment.GetValueOrDefault(name) };
        services.AddSingleton(ProtectedNamespaces.Create(options.ProtectedNamespaces, environment));
        services.AddSingleton(_ => new KubernetesConnection(
            new KubernetesOptions { Kubeconfig = options.KubeConfig, Version = BuildInfo.Version, ProtectedNamespaces = options.ProtectedNamespaces },
            environment,
            context.Time,
            context.Hooks.KubernetesHandlers));
        services.AddSingleton<KubernetesPorts>();
        services.AddSingleton(provider => MakeParts(provider, options));
        services.AddSingleton(context.Hooks);
        services.AddSingleton<PipelineHost>();
        services.AddSingleton<IIntake>(provider => provider.GetRequiredService<PipelineHost>());
        services.AddSingleton<IPipelineStatus>(provider => provider.GetRequiredService<PipelineHost>());
        services.AddSingleton<ILiveness>(provider => provider.GetRequiredService<PipelineHost>());
        services.AddHostedService(provider => provider.GetRequiredService<PipelineHost>());
    }

    private static PipelineParts MakeParts(IServiceProvider provider, TalonOptions options)
    {
        var ports = provider.GetRequiredService<KubernetesPorts>();
        var clock = provider.GetRequiredService<TimeProvider>();
        return new PipelineParts
        {
            Actionners = PluginCatalog.Default.CreateActionners(new ActionnerPorts
            {
                Pods = ports.Pods,
                Nodes = ports.Nodes,
                ReplicaSets = ports.ReplicaSets,
                ProtectedNamespaces = provider.GetRequiredService<ProtectedNamespaces>(),
                Clock = clock,
            }),
            Probes = [provider.GetRequiredService<KubernetesConnection>()],
            Log = provider.GetRequiredService<ITalonLog>(),
            Meters = provider.GetRequiredService<TalonMeters>(),
            Clock = clock,
            Jitter = () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue,
            EventsAreLogged = options.PrintAllEvents,
        };
    }
}
