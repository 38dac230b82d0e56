using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Telemetry;
using Talon.Cluster.Journal;
using Talon.Host.Configuration;
using Talon.Host.Endpoints;
using Talon.Host.Ingress;
using Talon.Host.Logging;
using Talon.Host.Reload;
using Talon.Rules.Matching;

namespace Talon.Host.Composition;

/// <summary>The life of a server: from its files to its exit code.</summary>
internal static class ServerRun
{
    /// <summary>Runs the server until it is asked to stop or cannot continue.</summary>
    public static async Task<int> RunAsync(
        CliContext context, TalonOptions options, RuleSet rules, RuleWatch? watch, TalonLog log, CancellationToken cancellationToken)
    {
        WebApplication app;
        try
        {
            app = TalonServer.Build(Prepare(context, options, rules, watch, log));
        }
        catch (Exception e) when (e is IOException or IngressCertificateException)
        {
            log.Write(new LogLine("http") { Level = LogLineLevel.Fatal, Error = e.Message });
            return ExitCodes.NotFine;
        }
        catch (JournalException e)
        {
            log.Write(new LogLine("journal") { Level = LogLineLevel.Fatal, Error = e.Message });
            return ExitCodes.NotFine;
        }

        await using (app)
        {
            return await RunAsync(app, context, options, log, cancellationToken);
        }
    }

    private static ServerSetup Prepare(CliContext context, TalonOptions options, RuleSet rules, RuleWatch? watch, TalonLog log)
    {
        var ingress = options.Ingress;
        var token = !ingress.RequiresToken ? null
            : ingress.TokenFile.Length > 0 ? IngressToken.FromFile(ingress.TokenFile, context.Time, log)
            : IngressToken.Fixed(ingress.Token, context.Time);
        return new ServerSetup
        {
            Options = options,
            Rules = rules,
            Watch = watch,
            Log = log,
            Time = context.Time,
            Ingress = new IngressOptions
            {
                MaxBody = ingress.MaxBody,
                PrintAllEvents = options.PrintAllEvents,
                Authentication = token is null ? null : new IngressAuthentication(token),
            },
            Certificates = ingress.UsesTls
                ? new IngressCertificates(ingress.TlsCertificate, ingress.TlsKey, ingress.TlsClientCa, context.Time, log)
                : null,
            HandlesSignals = context.HandlesSignals,
            AddPipeline = services => ServerPipeline.Add(services, context, options),
            Hooks = context.Hooks,
        };
    }

    private static async Task<int> RunAsync(
        WebApplication app, CliContext context, TalonOptions options, TalonLog log, CancellationToken cancellationToken)
    {
        LogBrakes(options, app.Services.GetRequiredService<ProtectedNamespaces>(), log);
        var lines = app.Services.GetRequiredService<TalonLoggerProvider>();
        try
        {
            await app.StartAsync(cancellationToken);
            lines.EndStart(tell: true);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            lines.EndStart(tell: false);
            log.Write(new LogLine("http") { Result = "Falco Talon was stopped before it had started" });
            await StopAsync(app);
            return ExitCodes.Fine;
        }
        catch (Exception e)
        {
            var reason = StartFailure.Describe(e, options);
            lines.EndStart(tell: reason is null);
            var (message, error) = reason ?? ("init", $"the server did not start: {e}");
            log.Write(new LogLine(message) { Level = LogLineLevel.Fatal, Error = error });
            await StopAsync(app);
            return ExitCodes.NotFine;
        }

        var address = TalonServer.AddressOf(app);
        log.Write(new LogLine("http") { Result = $"Falco Talon is up and listening on {address.Authority}" });
        context.Listening?.Invoke(address);

        var end = WatchAsync(app, log);
        await app.WaitForShutdownAsync(cancellationToken);
        log.Write(new LogLine("http") { Result = "Falco Talon has stopped" });
        return await end;
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

    /// <summary>What to say, and how to exit, when the actor system has ended by itself.</summary>
    internal static (int ExitCode, LogLine Line) EndedByItself(string? refusal) => refusal is null
        ? (ExitCodes.Downed, new LogLine("cluster") { Level = LogLineLevel.Fatal, Error = "the actor system has ended: this node is no longer part of its cluster" })
        : (ExitCodes.NotFine, new LogLine("journal") { Level = LogLineLevel.Fatal, Error = refusal });

    // The actor system ends by itself when this node was taken out of its cluster, or must not go on: the process must end too.
    private static async Task<int> WatchAsync(WebApplication app, TalonLog log)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = app.Lifetime.ApplicationStopping.Register(() =>
        {
            log.Write(new LogLine("http") { Result = "Falco Talon is shutting down" });
            asked.SetResult();
        });
        var liveness = app.Services.GetRequiredService<ILiveness>();
        await Task.WhenAny(liveness.Ended, asked.Task);
        if (asked.Task.IsCompleted)
        {
            return ExitCodes.Fine;
        }

        var (exitCode, line) = EndedByItself(liveness.Refusal);
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
    }
}
