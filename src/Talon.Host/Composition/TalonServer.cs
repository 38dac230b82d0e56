using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Telemetry;
using Talon.Host.Configuration;
using Talon.Host.Endpoints;
using Talon.Host.Ingress;
using Talon.Host.Logging;
using Talon.Host.Reload;

namespace Talon.Host.Composition;

/// <summary>Builds the server. The web server is the last service to start and the first to stop: nothing comes in before the pipeline is there.</summary>
internal static class TalonServer
{
    // Kestrel reads and throws away what is left of a refused body up to this size, so that the sender gets to see the answer.
    private const long LargestDrained = 16 * 1024 * 1024;
    private const int MaxConnections = 10_000;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(30);

    /// <summary>Builds the server; nothing runs yet.</summary>
    public static WebApplication Build(ServerSetup setup)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "talon" });
        var lines = new TalonLoggerProvider(setup.Log, setup.Time);
        builder.Logging.AddProvider(lines);
        builder.Services.AddSingleton(lines);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, setup));
        if (setup.HandlesSignals)
        {
            builder.Host.UseConsoleLifetime(console => console.SuppressStatusMessages = true);
        }

        AddServices(builder.Services, setup);
        setup.AddPipeline(builder.Services);
        setup.Hooks.ConfigureServices?.Invoke(builder.Services);

        var app = builder.Build();
        var meters = app.Services.GetRequiredService<TalonMeters>();
        meters.Observe(app.Services.GetRequiredService<IPipelineStatus>());
        var shared = app.Services.GetRequiredService<ISharedRules>();
        meters.ObserveRuleAgreement(() => shared.Differ);
        meters.ObserveDroppedLogLines(() => setup.Log.Dropped);
        var requests = new TalonRequests(
            app.Services.GetRequiredService<FalcoEventEndpoint>(),
            app.Services.GetRequiredService<HealthEndpoints>(),
            MetricsOf(app));
        app.Run(requests.HandleAsync);
        return app;
    }

    /// <summary>The address that the ingress listens on, with the real port.</summary>
    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static void Configure(KestrelServerOptions kestrel, ServerSetup setup)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.KeepAliveTimeout = KeepAlive;
        kestrel.Limits.RequestHeadersTimeout = HeaderTimeout;
        kestrel.Limits.MaxRequestBodySize = LargestDrained;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Listen(IPAddress.Parse(setup.Options.ListenAddress), setup.Options.ListenPort, listen =>
        {
            if (setup.Certificates is not { } certificates)
            {
                listen.Protocols = HttpProtocols.Http1;
                return;
            }

            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(certificates.Options()),
                HandshakeTimeout = HeaderTimeout,
            });
        });
    }

    private static void AddServices(IServiceCollection services, ServerSetup setup)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = setup.Options.Pipeline.ShutdownGracePeriod + LeaveTime);
        services.AddMetrics();
        services.AddSingleton(setup.Options);
        services.AddSingleton(setup.Time);
        services.AddSingleton<ITalonLog>(setup.Log);
        services.AddSingleton<TalonMeters>();
        services.AddSingleton(provider => new RuleBook(setup.Rules, provider.GetRequiredService<TalonMeters>(), setup.Time));
        services.AddSingleton<IRuleBook>(provider => provider.GetRequiredService<RuleBook>());
        services.AddSingleton<SharedRules>();
        services.AddSingleton<ISharedRules>(provider => provider.GetRequiredService<SharedRules>());
        if (setup.Watch is { } watch)
        {
            services.AddSingleton(watch);
            services.AddHostedService<RuleWatcher>();
        }

        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton(provider => new FalcoEventEndpoint(
            setup.Ingress with { RequiresClientCertificate = setup.Certificates is { AsksForClientCertificate: true } },
            new ByteBudget(IngressOptions.BytesInFlight),
            provider.GetRequiredService<IRuleBook>(),
            provider.GetRequiredService<IIntake>(),
            provider.GetRequiredService<TalonMeters>(),
            provider.GetRequiredService<RefusalLog>(),
            setup.Log));
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService("falco-talon", serviceVersion: BuildInfo.Version))
            .WithMetrics(metrics => metrics
                .AddMeter(TalonMeters.MeterName, "System.Runtime")
                .AddView("falcosecurity_falco_talon_events", new MetricStreamConfiguration { CardinalityLimit = TalonMeters.MaxLabelSets })
                .AddView("falcosecurity_falco_talon_matches", new MetricStreamConfiguration { CardinalityLimit = TalonMeters.MaxLabelSets })
                .AddPrometheusExporter());
    }

    private static RequestDelegate MetricsOf(IApplicationBuilder app)
    {
        var branch = app.New();
        branch.UseOpenTelemetryPrometheusScrapingEndpoint(_ => true);
        return branch.Build();
    }
}
