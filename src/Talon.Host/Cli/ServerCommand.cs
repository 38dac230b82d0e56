using System.Collections.Immutable;
using System.CommandLine;
using Talon.Actors.Telemetry;
using Talon.Host.Composition;
using Talon.Host.Configuration;
using Talon.Host.Logging;
using Talon.Host.Reload;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Cli;

/// <summary><c>talon server</c>.</summary>
internal static class ServerCommand
{
    public static Command Make(CliContext context, SharedOptions shared)
    {
        var config = shared.Config;
        var rules = shared.Rules;
        var command = new TalonCommand(
            "server",
            "Receive events and act on them, until SIGTERM or Ctrl+C.",
            """
            Every key of the configuration can also be set by an environment variable: LISTEN_PORT for listen_port,
            INGRESS_MAX_BODY for ingress.max_body. The environment wins over the file.

            Examples:
              talon server -c config.yaml -r rules.yaml
              LOG_FORMAT=json DRY_RUN=true talon server -r rules.yaml
            """)
        {
            config, rules,
        };
        command.SetAction((parsed, token) => RunAsync(context, parsed.GetValue(config), parsed.GetValue(rules) ?? [], token));
        return command;
    }

    /// <summary>Runs the server until it is asked to stop.</summary>
    /// <param name="configFile">The configuration file; null for the default one, if it exists.</param>
    /// <param name="rulesFiles">The rule files; none means those of the configuration.</param>
    /// <param name="cancellationToken">Ends the server as SIGTERM does.</param>
    public static async Task<int> RunAsync(
        CliContext context, string? configFile, IReadOnlyList<string> rulesFiles, CancellationToken cancellationToken)
    {
        var config = ConfigReader.Read(configFile, context.Environment);
        if (config.Options is not { } options)
        {
            return await ConfigErrors.PrintAsync(context, config);
        }

        options = rulesFiles.Count > 0 ? options with { RulesFiles = [.. rulesFiles] } : options;
        var formatter = TalonLog.FormatterFor(options.LogFormat, context.Environment.GetValueOrDefault("NO_COLOR") is { Length: > 0 });
        await using var log = new TalonLog(context.Log, formatter, context.Time);
        foreach (string warning in config.Warnings)
        {
            log.Write(new LogLine("config") { Level = LogLineLevel.Warn, Result = warning });
        }

        ImmutableArray<RuleFilePath> paths = [.. options.RulesFiles.Select(RuleFilePath.Of)];
        var files = RuleFileSnapshot.Read(options.RulesFiles);
        var loaded = RuleLoader.Load(files, context.Catalog);
        await RuleErrors.PrintAsync(context, loaded);
        if (loaded.Rules is not { } rules)
        {
            log.Write(new LogLine("rules") { Level = LogLineLevel.Fatal, Error = "invalid rules" });
            return ExitCodes.NotFine;
        }

        var named = rules.Rules.SelectMany(rule => rule.Plan.Notifiers.Select(notifier => (Rule: rule.Plan.Name, Notifier: notifier))).ToList();
        string[] lacking = [.. named.SelectMany(each => NotifierReader.Lacking(options.Notifiers, [each.Notifier], $"rule '{each.Rule}'")).Distinct(StringComparer.Ordinal)];
        if (lacking.Length > 0)
        {
            foreach (string problem in lacking)
            {
                log.Write(new LogLine("rules") { Level = LogLineLevel.Fatal, Error = problem });
            }

            return ExitCodes.NotFine;
        }

        string have = rules.Rules.Length == 1 ? "rule has" : "rules have";
        log.Write(new LogLine("init") { Result = $"{rules.Rules.Length} {have} been successfully loaded (hash {rules.Hash})" });
        return await ServerRun.RunAsync(context, options, rules, Watch(context, options, paths, files, log), log, cancellationToken);
    }

    private static RuleWatch? Watch(CliContext context, TalonOptions options, ImmutableArray<RuleFilePath> paths, RuleFileSnapshot files, TalonLog log)
    {
        if (!options.WatchRules)
        {
            return null;
        }

        if (!files.CanBeReadAgain || !paths.All(file => RuleFileReading.IsRegular(file.Path)))
        {
            log.Write(new LogLine("rules") { Level = LogLineLevel.Warn, Result = "the rules are not watched: they come from a pipe or a device" });
            return null;
        }

        return new RuleWatch { Files = paths, ContentHash = files.ContentHash, Catalog = context.Catalog };
    }
}
