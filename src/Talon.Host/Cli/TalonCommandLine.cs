using System.CommandLine;
using System.CommandLine.Help;
using Talon.Host.Cli.Journal;
using Talon.Host.Cli.Lists;
using Talon.Host.Cli.Notifiers;
using Talon.Host.Cli.Outputs;
using Talon.Host.Cli.Rules;
using Talon.Host.Composition;
using Talon.Host.Logging;

namespace Talon.Host.Cli;

/// <summary>The command line as a whole: which commands there are, and what happens when it is wrong.</summary>
internal static class TalonCommandLine
{
    /// <summary>Runs one command and returns the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellationToken)
    {
        var root = new RootCommand(
            """
            Talon answers Falco alerts in Kubernetes: it receives events, matches them against rules, and acts.

            Examples:
              talon rules check -r rules.yaml                        is my rule file right?
              talon rules test -r rules.yaml --events events.jsonl   what would it do?
              talon server -c config.yaml -r rules.yaml              do it
            """)
        {
            HelpName = "talon",
        };
        var shared = new SharedOptions();
        shared.AllowBefore(root);
        root.Subcommands.Add(ServerCommand.Make(context, shared));
        root.Subcommands.Add(Group(
            shared,
            "rules",
            "Check rule files, merge them, and try them on events.",
            RulesCheckCommand.Make(context, shared),
            RulesPrintCommand.Make(context, shared),
            RulesTestCommand.Make(context, shared)));
        root.Subcommands.Add(Group(shared, "actionners", "Show what Talon can do.", ActionnersListCommand.Make(context, shared)));
        root.Subcommands.Add(Group(shared, "outputs", "Show where the artifacts of actions can go, and try it.", OutputsListCommand.Make(context, shared), OutputsTestCommand.Make(context, shared)));
        root.Subcommands.Add(Group(shared, "notifiers", "Show who can be told about actions, and try it.", NotifiersListCommand.Make(context, shared), NotifiersTestCommand.Make(context, shared)));
        root.Subcommands.Add(Group(shared, "rbac", "Show which rights in Kubernetes rules need.", RbacPrintCommand.Make(context, shared)));
        root.Subcommands.Add(Group(shared, "journal", "Look after the journal.", JournalSchemaCommand.Make(context), JournalDrainCommand.Make(context, shared)));
        root.Subcommands.Add(VersionCommand.Make(context));
        root.SetAction(ShowHelp);

        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var invocation = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        (parsed.CommandResult.Command as TalonCommand)?.PrintDetails();
        try
        {
            bool isHelp = parsed.Action is HelpAction;
            if (parsed.Errors.Count > 0 && !isHelp)
            {
                return await WrongUsageAsync(parsed, context, parsed.Errors.Select(error => error.Message));
            }

            if (!isHelp && shared.FindMisplaced(parsed) is { } misplaced)
            {
                return await WrongUsageAsync(parsed, context, [misplaced]);
            }

            int code = await parsed.InvokeAsync(invocation, cancellationToken);
            await context.Out.FlushAsync(CancellationToken.None);
            return code;
        }
        catch (OutputException e)
        {
            await context.Error.WriteLineAsync($"talon: the output cannot be written: {Printable.Of(e.Message)}");
            return ExitCodes.NotFine;
        }
    }

    private static Command Group(SharedOptions shared, string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Subcommands.Add(command);
        }

        shared.AllowBefore(group);
        group.SetAction(ShowHelp);
        return group;
    }

    private static int ShowHelp(ParseResult parsed) => new HelpAction().Invoke(parsed);

    private static async Task<int> WrongUsageAsync(ParseResult parsed, CliContext context, IEnumerable<string> errors)
    {
        foreach (string error in errors)
        {
            await context.Error.WriteLineAsync($"talon: {Printable.Of(string.Join(' ', error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))}");
        }

        await context.Error.WriteLineAsync($"Try '{PathOf(parsed)} --help'.");
        return ExitCodes.WrongUsage;
    }

    private static string PathOf(ParseResult parsed)
    {
        var words = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            words.Insert(0, result.Command is RootCommand ? "talon" : result.Command.Name);
        }

        return string.Join(' ', words);
    }
}
