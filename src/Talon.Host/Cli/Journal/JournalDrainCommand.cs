using System.CommandLine;
using Talon.Actors.Pipeline.Buckets;
using Talon.Cluster.Journal;
using Talon.Host.Composition;
using Talon.Host.Configuration;
using Talon.Host.Logging;

namespace Talon.Host.Cli.Journal;

/// <summary><c>talon journal drain</c>.</summary>
internal static class JournalDrainCommand
{
    private const string DefaultTimeout = "10m";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(7);
    private static readonly Func<string, TimeSpan?> ParseTimeout = ConfigValues.Duration(TimeSpan.Zero, LongestTimeout);

    public static Command Make(CliContext context, SharedOptions shared)
    {
        var config = shared.Config;
        var timeout = new Option<string>("--timeout")
        {
            Description = "How long to wait, up to 7d; 0: look once.",
            HelpName = "DURATION",
            DefaultValueFactory = _ => DefaultTimeout,
        };
        timeout.Validators.Add(result =>
        {
            if (ParseTimeout(result.GetValueOrDefault<string>() ?? "") is null)
            {
                result.AddError($"--timeout must be {ConfigValues.DurationBounds(TimeSpan.Zero, LongestTimeout)}");
            }
        });
        var command = new TalonCommand(
            "drain",
            "Wait until no accepted event is unfinished.",
            """
            Reads the journal of the configuration and changes nothing; a server may run on it, and has to, for events to get finished.
            Let no new events come in meanwhile. After that the journal can be left behind, for instance to move from SQLite to PostgreSQL.
            Exit code 0: nothing is unfinished; 1: at the time limit something was, or the journal cannot be read.

            Example:
              talon journal drain -c config.yaml --timeout 30m
            """)
        {
            config, timeout,
        };
        command.SetAction((parsed, token) => RunAsync(context, parsed.GetValue(config), ParseTimeout(parsed.GetValue(timeout)!)!.Value, token));
        return command;
    }

    /// <param name="configFile">The configuration file; null for the default one.</param>
    public static async Task<int> RunAsync(CliContext context, string? configFile, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var config = ConfigReader.Read(configFile, context.Environment);
        if (config.Options is not { } options)
        {
            return await ConfigErrors.PrintAsync(context, config);
        }

        try
        {
            await using var reader = JournalReader.Of(options.Journal.ToJournalOptions());
            return await WaitAsync(context, reader, timeout, cancellationToken);
        }
        catch (JournalException e)
        {
            await context.Error.WriteLineAsync(Printable.Of(e.Message));
            return ExitCodes.NotFine;
        }
    }

    private static async Task<int> WaitAsync(CliContext context, JournalReader reader, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long started = context.Time.GetTimestamp();
        long? toldAt = null;
        while (true)
        {
            int unfinished = await UnfinishedCount.OfAsync(reader, cancellationToken);
            if (unfinished == 0)
            {
                await context.Out.WriteLineAsync($"no event is unfinished in {Printable.Of(reader.Place)}");
                return ExitCodes.Fine;
            }

            string have = unfinished == 1 ? "1 event is" : $"{unfinished} events are";
            if (context.Time.GetElapsedTime(started) >= timeout)
            {
                await context.Error.WriteLineAsync($"{have} still unfinished in {Printable.Of(reader.Place)}");
                return ExitCodes.NotFine;
            }

            if (toldAt is null || context.Time.GetElapsedTime(toldAt.Value) >= ReportInterval)
            {
                toldAt = context.Time.GetTimestamp();
                await context.Out.WriteLineAsync($"{have} unfinished");
                await context.Out.FlushAsync(cancellationToken);
            }

            await Task.Delay(Pause, context.Time, cancellationToken);
        }
    }
}
