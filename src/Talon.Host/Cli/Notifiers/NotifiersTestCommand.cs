using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Cluster.Locks;
using Talon.Host.Composition;
using Talon.Host.Configuration;
using Talon.Host.Logging;
using Talon.Rules.Catalog;

namespace Talon.Host.Cli.Notifiers;

/// <summary><c>talon notifiers test</c>.</summary>
internal static class NotifiersTestCommand
{
    // What a server gives one call.
    private static readonly TimeSpan Deadline = new NotifyingOptions().Deadline;

    public static Command Make(CliContext context, SharedOptions shared)
    {
        var name = new Argument<string>("NAME")
        {
            Description = $"The notifier: {string.Join(", ", context.Catalog.Notifiers.Select(notifier => notifier.Name))}.",
        };
        name.AcceptOnlyFromAmong([.. context.Catalog.Notifiers.Select(notifier => notifier.Name)]);
        var command = new TalonCommand(
            "test",
            "Send one sample record to a notifier for real, and tell what the other side said.",
            """
            The record says that it is a test. It is sent once, with the settings of the configuration, whatever notify_on, min_priority and
            rules let through. Exit code 0: the other side took it; 1: it did not, or the configuration is wrong.

            Examples:
              talon notifiers test slack -c config.yaml
              NOTIFIERS_WEBHOOK_URL=https://sink.example.org talon notifiers test webhook
            """)
        {
            name, shared.Config,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(name)!, parsed.GetValue(shared.Config), cancellationToken));
        return command;
    }

    /// <param name="configFile">The configuration file; null for the default one.</param>
    public static async Task<int> RunAsync(CliContext context, string name, string? configFile, CancellationToken cancellationToken)
    {
        var config = ConfigReader.Read(configFile, context.Environment);
        if (config.Options is not { } options)
        {
            await ConfigErrors.PrintAsync(context, config);
            return ExitCodes.NotFine;
        }

        string[] lacking = [.. NotifierReader.Lacking(options.Notifiers, [name], name)];
        if (lacking.Length > 0 || !context.Catalog.Notifiers.Any(notifier => notifier.Name == name && notifier.IsBuilt))
        {
            string problem = lacking.Length > 0 ? string.Join("; ", lacking) : $"this version of Talon cannot notify {name}";
            await context.Error.WriteLineAsync($"talon: {Printable.Of(problem)}");
            return ExitCodes.NotFine;
        }

        try
        {
            return await TestAsync(context, options, name, cancellationToken);
        }
        catch (Exception e) when (e is IOException or SettingException)
        {
            await context.Error.WriteLineAsync($"talon: {Printable.Of(e.Message)}");
            return ExitCodes.NotFine;
        }
    }

    private static async Task<int> TestAsync(CliContext context, TalonOptions options, string name, CancellationToken cancellationToken)
    {
        var settings = options.Notifiers.WithTextsOfFiles(context.Catalog).Of(name);
        var environment = KubeEnvironment.Process with { Variable = variable => context.Environment.GetValueOrDefault(variable) };
        var namespaces = ProtectedNamespaces.Create(options.ProtectedNamespaces, environment);
        using var kubernetes = new KubernetesConnection(
            new KubernetesOptions { Kubeconfig = options.KubeConfig, Version = BuildInfo.Version, ProtectedNamespaces = options.ProtectedNamespaces },
            environment,
            context.Time,
            context.Hooks.KubernetesHandlers);
        using var aws = new AwsConnection(options.Clouds.Aws, context.Time);
        using var gcp = new GcpConnection(options.Clouds.Gcp, context.Time);
        var ports = new PluginPorts
        {
            Kubernetes = new KubernetesPorts(kubernetes, namespaces, context.Time),
            ProtectedNamespaces = namespaces,
            Aws = aws,
            Gcp = gcp,
            Clock = context.Time,
            Log = new Unheard(),
            Locks = new Unheard(),
        };
        var notifier = ServerPipeline.Catalog.CreateNotifiers(ports, other => other == name ? settings : ParameterMap.Empty)
            .Select(configured => configured.Notifier)
            .Single(each => each.Descriptor.Name == name);
        using var held = notifier as IDisposable;
        var result = await SendAsync(context, notifier, Sample(context, name, namespaces.Own), cancellationToken);
        await context.Out.WriteLineAsync(result switch
        {
            NotifyResult.Delivered { Answer.Length: > 0 } delivered => $"{name}: delivered; the answer was {Printable.Of(delivered.Answer)}",
            NotifyResult.Delivered => $"{name}: delivered",
            NotifyResult.Refused refused => $"{name}: REFUSED: {Printable.Of(refused.Reason)}",
            NotifyResult.Troubled trouble => $"{name}: FAILED, a server would try again: {Printable.Of(trouble.Reason)}",
            var other => throw new InvalidOperationException($"no such result: {other}"),
        });
        return result is NotifyResult.Delivered ? ExitCodes.Fine : ExitCodes.NotFine;
    }

    private static async Task<NotifyResult> SendAsync(CliContext context, INotifier notifier, Notification record, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await notifier.SendAsync([record], either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new NotifyResult.Troubled($"no end within {Deadline.TotalSeconds:0} s");
        }
    }

    // Its event key is random, so that no other side takes a second test for the first one.
    private static Notification Sample(CliContext context, string name, string? home)
    {
        string eventKey = $"{RandomNumberGenerator.GetHexString(32, lowercase: true)}-0";
        return new Notification
        {
            Id = $"{eventKey}/0/action",
            At = context.Time.GetUtcNow(),
            Rule = "Talon test",
            Action = "Test a notifier",
            Actionner = "talon:test",
            Event = "This is a test of Talon; nothing happened",
            FalcoRule = "Talon test",
            Priority = "Informational",
            Status = "success",
            FailureKind = null,
            Text = $"this is a test of the notifier {name}; nothing was done",
            DryRun = false,
            Objects = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
                .Add("namespace", string.IsNullOrEmpty(home) ? "default" : home)
                .Add("pod", "talon-test"),
            Target = null,
            Artifact = null,
            TraceId = RandomNumberGenerator.GetHexString(32, lowercase: true),
            EventKey = eventKey,
            Position = 0,
        };
    }

    /// <summary>What notifiers do not use: the log of long actions and the locks of a cluster.</summary>
    private sealed class Unheard : ITalonLog, IClusterLocks
    {
        public void Write(LogLine line)
        {
        }

        public Task<ILockHold> AcquireAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException("a test of a notifier has no cluster");
    }
}
