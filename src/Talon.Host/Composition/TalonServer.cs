using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.Sinks;
using Talon.Host.Configuration;
using Talon.Host.Endpoints;
using Talon.Host.Ingress;
using Talon.Host.Reload;

namespace Talon.Host.Composition;

/// <summary>Builds the web server from a pipeline that is open.</summary>
internal static class TalonServer
{
    // Kestrel reads and throws away what is left of a refused body up to this size, so that the sender gets to see the answer.
    private const long LargestDrained = 16 * 1024 * 1024;
    private const int MaxConnections = 10_000;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(30);

    /// <summary>Collects what is counted. It begins before the node: actions that were accepted earlier run before the web server is there.</summary>
    /// <param name="factory">The factory of this server's meters: those of another server in the same process, which have the same names, do not count.</param>
    public static MeterProvider CollectMetrics(IMeterFactory factory) => Sdk.CreateMeterProviderBuilder()
        // Without the variables OTEL_*: they could switch off or change what the docs promise.
        .ConfigureServices(services => services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()))
        .ConfigureResource(resource => resource.Clear().AddService("falco-talon", serviceVersion: BuildInfo.Version))
        .AddMeter(TalonMeters.MeterName, "System.Runtime")
        .AddView(instrument =>
            instrument.Meter.Scope is { } scope && !ReferenceEquals(scope, factory) ? MetricStreamConfiguration.Drop
            : instrument.Name is "falcosecurity_falco_talon_events" or "falcosecurity_falco_talon_matches"
                ? new MetricStreamConfiguration { CardinalityLimit = TalonMeters.MaxLabelSets }
            : null)
        .AddPrometheusExporter()
        .Build();

    /// <summary>Builds the server; nothing runs yet.</summary>
    /// <param name="tell">Tells people that the rule files cannot be used; null for nobody.</param>
    public static WebApplication Build(ServerSetup setup, IIntake intake, IPipelineStatus status, ISharedRules shared, Action<string>? tell = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "talon" });
        builder.Logging.AddProvider(setup.Lines);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, setup));
        AddServices(builder.Services, setup, tell);
        setup.Hooks.ConfigureServices?.Invoke(builder.Services);

        var app = builder.Build();
        var meters = setup.Meters;
        meters.Observe(status);
        meters.ObserveRuleAgreement(() => shared.Differ);
        meters.ObserveDroppedLogLines(() => setup.Log.Dropped);
        var events = new FalcoEventEndpoint(
            setup.Ingress with { RequiresClientCertificate = setup.Certificates is { AsksForClientCertificate: true } },
            new ByteBudget(IngressOptions.BytesInFlight),
            setup.Book,
            intake,
            meters,
            new RefusalLog(setup.Log, setup.Time),
            setup.Log);
        app.Run(new TalonRequests(events, new HealthEndpoints(status, setup.Book, shared, setup.Options), MetricsOf(app, setup.Metrics)).HandleAsync);
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

    private static void AddServices(IServiceCollection services, ServerSetup setup, Action<string>? tell)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = setup.Options.Pipeline.ShutdownGracePeriod + LeaveTime);
        if (setup.Watch is { } watch)
        {
            services.AddHostedService(_ => new RuleWatcher(watch, setup.Book, setup.Log, setup.Time, tell));
        }
    }

    private static RequestDelegate MetricsOf(IApplicationBuilder app, MeterProvider metrics)
    {
        var branch = app.New();
        branch.UseOpenTelemetryPrometheusScrapingEndpoint(
            metrics, _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
        return branch.Build();
    }
}
