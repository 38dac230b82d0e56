using System.CommandLine;
using System.Text;
using Talon.Host.Composition;
using Talon.Host.Logging;
using Talon.Rules.Events;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;
using Talon.Rules.Matching;

namespace Talon.Host.Cli.Rules;

/// <summary><c>talon rules test</c>.</summary>
internal static class RulesTestCommand
{
    public static Command Make(CliContext context, SharedOptions shared)
    {
        var rules = shared.Rules;
        var events = new Option<string>("--events", "-e")
        {
            Description = "A file with one event a line, as Falco and Falcosidekick send them; - reads standard input.",
            HelpName = "FILE",
            Required = true,
        };
        var output = CliOptions.Output();
        var lenient = CliOptions.Lenient();
        var command = new TalonCommand(
            "test",
            "Show what rules would do about events, without doing it.",
            """
            As text it says for each rule why it matches or does not.
            With -o json it prints one line an event:
              {"rules":["A"],"actions":[{"rule":"A","action":"Terminate","actionner":"kubernetes:terminate"}]}
            where "rules" are all that match, in file order, and "actions" what would run. A line that is no event gives
            {"error":"…"} and exit code 1 at the end.

            Examples:
              talon rules test -r rules.yaml --events events.jsonl
              talon rules test -r rules.yaml --events events.jsonl -o json
              kubectl logs -n falco falco-x4l2p | talon rules test -r rules.yaml --events -
            """)
        {
            rules, events, output, lenient,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(rules) is null)
            {
                result.AddError($"Option '{rules.Name}' is required.");
            }
        });
        command.SetAction((parsed, token) => RunAsync(
            context, parsed.GetRequiredValue(rules), parsed.GetRequiredValue(events), parsed.GetValue(output) == "json", parsed.GetValue(lenient), token));
        return command;
    }

    /// <summary>Tries the rules on the events.</summary>
    /// <param name="events">The file of events, or <c>-</c>.</param>
    /// <param name="asJson">Whether one JSON line an event is printed.</param>
    public static async Task<int> RunAsync(
        CliContext context, IReadOnlyList<string> files, string events, bool asJson, bool lenient, CancellationToken cancellationToken)
    {
        var loaded = RuleLoader.LoadFromDisk(files, context.Catalog, new RuleLoadOptions { Lenient = lenient });
        await RuleErrors.PrintAsync(context, loaded);
        if (loaded.Rules is not { } set)
        {
            return ExitCodes.NotFine;
        }

        try
        {
            if (events == "-")
            {
                return await TestAsync(context, set, context.In, asJson, cancellationToken);
            }

            using var reader = Open(events);
            return await TestAsync(context, set, reader, asJson, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync(Printable.Of($"{(events.Length > 0 ? events : "''")}: the events cannot be read: {e.Message}"));
            return ExitCodes.NotFine;
        }
    }

    private static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(file, Encoding.UTF8);
        }
        catch (ArgumentException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static async Task<int> TestAsync(CliContext context, RuleSet set, TextReader reader, bool asJson, CancellationToken cancellationToken)
    {
        int code = ExitCodes.Fine;
        int number = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            var parsed = FalcoEventParser.Parse(Encoding.UTF8.GetBytes(line));
            if (!parsed.IsEvent)
            {
                code = ExitCodes.NotFine;
            }

            await context.Out.WriteLineAsync(asJson ? RulesTestReport.Json(set, parsed) : RulesTestReport.Text(set, parsed, number));
        }

        return code;
    }
}
