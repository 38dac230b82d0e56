using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Host.Configuration;
using Talon.Host.Ingress;
using Talon.Host.Logging;
using Talon.Host.Reload;
using Talon.Rules.Matching;

namespace Talon.Host.Composition;

/// <summary>
/// The life of a server: from its files to its exit code. The node comes first and goes last: the web server is built from a pipeline
/// that takes events, and closes before that ends.
/// </summary>
internal static class ServerRun
{
    /// <summary>Runs the server until it is asked to stop or cannot continue.</summary>
    public static async Task<int> RunAsync(
        CliContext context, TalonOptions options, RuleSet rules, RuleWatch? watch, TalonLog log, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminated = context.HandlesSignals ? CancelOn(PosixSignal.SIGTERM, stop) : null;
        using var interrupted = context.HandlesSignals ? CancelOn(PosixSignal.SIGINT, stop) : null;
        var lines = new TalonLoggerProvider(log, context.Time);
        await using var services = new ServiceCollection()
            .AddMetrics()
            .AddLogging(logging => logging.AddProvider(lines))
            .BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var metrics = TalonServer.CollectMetrics(factory);
        var meters = new TalonMeters(factory);
        ServerSetup setup;
        TalonClusterOptions cluster;
        try
        {
            setup = new ServerSetup
            {
                Options = options,
                Book = new RuleBook(rules, meters, context.Time),
                Watch = watch,
                Log = log,
                Lines = lines,
                Meters = meters,
                Metrics = metrics,
                Time = context.Time,
                Notifiers = options.Notifiers.WithTextsOfFiles(context.Catalog),
                Clouds = options.Clouds.WithKeysOfFiles(),
                Ingress = new IngressOptions
                {
                    MaxBody = options.Ingress.MaxBody,
                    PrintAllEvents = options.PrintAllEvents,
                    Authentication = ReadToken(options.Ingress, context.Time, log) is { } token ? new IngressAuthentication(token) : null,
                },
                Certificates = ReadCertificates(options.Ingress, context.Time, log),
                Hooks = context.Hooks,
            };
            cluster = options.ToClusterOptions() with { Clock = context.Time };
        }
        catch (Exception e) when (e is IOException or SettingException or IngressCertificateException or JournalException)
        {
            log.Write(new LogLine(e is JournalException ? "journal" : e is SettingException ? "config" : "http") { Level = LogLineLevel.Fatal, Error = e.Message });
            return ExitCodes.NotFine;
        }

        ServerPipeline? pipeline = null;
        WebApplication? app = null;
        try
        {
            pipeline = await ServerPipeline.OpenAsync(context, setup, cluster, services.GetRequiredService<ILoggerFactory>(), stop.Token);
            app = TalonServer.Build(setup, pipeline.Intake, pipeline.Status, pipeline.Rules, problem => pipeline.Notices.Tell("rules", problem));
            app.Lifetime.ApplicationStopping.Register(pipeline.BeginDrain);
            await app.StartAsync(stop.Token);
            lines.EndStart(tell: true);
        }
        catch (Exception e)
        {
            int exitCode = EndStart(e, setup, stop.IsCancellationRequested || app?.Lifetime.ApplicationStopping.IsCancellationRequested == true);
            await (app is null ? Task.CompletedTask : StopAsync(app));
            await (pipeline?.StopAsync() ?? Task.CompletedTask);
            return exitCode;
        }

        await using var running = app;
        var address = TalonServer.AddressOf(app);
        log.Write(new LogLine("http") { Result = $"Falco Talon is up and listening on {address.Authority}" });
        context.Listening?.Invoke(address);

        var end = WatchAsync(app, pipeline.Status, log);
        await app.WaitForShutdownAsync(stop.Token);
        await pipeline.StopAsync();
        log.Write(new LogLine("http") { Result = "Falco Talon has stopped" });
        return await end;
    }

    /// <summary>What to say, and how to exit, when the actor system has ended by itself.</summary>
    internal static (int ExitCode, LogLine Line) EndedByItself(string? refusal) => refusal is null
        ? (ExitCodes.Downed, new LogLine("cluster") { Level = LogLineLevel.Fatal, Error = "the actor system has ended: this node is no longer part of its cluster" })
        : (ExitCodes.NotFine, new LogLine("journal") { Level = LogLineLevel.Fatal, Error = refusal });

    // From the beginning on: the node may wait for its database or for other nodes long before there is a web server.
    private static PosixSignalRegistration CancelOn(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, received =>
    {
        received.Cancel = true;
        stop.Cancel();
    });

    private static IngressToken? ReadToken(IngressSettings ingress, TimeProvider time, TalonLog log) =>
        !ingress.RequiresToken ? null
        : ingress.TokenFile.Length > 0 ? IngressToken.FromFile(ingress.TokenFile, time, log)
        : IngressToken.Fixed(ingress.Token, time);

    private static IngressCertificates? ReadCertificates(IngressSettings ingress, TimeProvider time, TalonLog log) =>
        ingress.UsesTls ? new IngressCertificates(ingress.TlsCertificate, ingress.TlsKey, ingress.TlsClientCa, time, log) : null;

    // Says why the server did not start, and how to exit.
    private static int EndStart(Exception failure, ServerSetup setup, bool stopped)
    {
        if (stopped && failure is OperationCanceledException)
        {
            setup.Lines.EndStart(tell: false);
            setup.Log.Write(new LogLine("http") { Result = "Falco Talon was stopped before it had started" });
            return ExitCodes.Fine;
        }

        var reason = StartFailure.Describe(failure, setup.Options);
        setup.Lines.EndStart(tell: reason is null);
        var (message, error) = reason ?? ("init", $"the server did not start: {failure}");
        setup.Log.Write(new LogLine(message) { Level = LogLineLevel.Fatal, Error = error });
        return ExitCodes.NotFine;
    }

    // The actor system ends by itself when this node was taken out of its cluster, or must not go on: the process must end too.
    private static async Task<int> WatchAsync(WebApplication app, PipelineStatus status, TalonLog log)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        stopping.Register(() => log.Write(new LogLine("http") { Result = "Falco Talon is shutting down" }));
        await status.Ended.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested)
        {
            return ExitCodes.Fine;
        }

        var (exitCode, line) = EndedByItself(status.Refusal);
        log.Write(line);
        app.Lifetime.StopApplication();
        return exitCode;
    }

    private static async Task StopAsync(WebApplication app)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await app.StopAsync(deadline.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or AggregateException)
        {
            // What had not started cannot stop either; the reason of the failed start has been told.
        }

        await app.DisposeAsync();
    }
}
