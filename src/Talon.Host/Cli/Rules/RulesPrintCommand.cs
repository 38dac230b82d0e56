using System.CommandLine;
using Talon.Host.Composition;
using Talon.Host.Logging;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Cli.Rules;

/// <summary><c>talon rules print</c>.</summary>
internal static class RulesPrintCommand
{
    public static Command Make(CliContext context, SharedOptions shared)
    {
        var rules = shared.Rules;
        var config = shared.Config;
        var lenient = CliOptions.Lenient();
        var command = new TalonCommand(
            "print",
            "Print what several rule files come to.",
            """
            The result is one rule file: overrides are merged, and each action carries all that its action block says, unless it
            is the same in several rules. It loads into the same rule set. With --lenient it is what was taken from the files, without what was only warned about.
            Exit code 0: the rules are valid; 1: they are not, and nothing is printed.

            Examples:
              talon rules print -r rules.yaml rules_override.yaml
              talon rules print --lenient -r old-rules.yaml > rules.yaml
            """)
        {
            rules, config, lenient,
        };
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetValue(rules) ?? [], parsed.GetValue(config), parsed.GetValue(lenient)));
        return command;
    }

    /// <summary>Prints the merged rules.</summary>
    /// <param name="files">The rule files; none means those of the configuration.</param>
    /// <param name="configFile">The configuration file; null for the default one.</param>
    public static async Task<int> RunAsync(CliContext context, IReadOnlyList<string> files, string? configFile, bool lenient)
    {
        if (await RuleFileArguments.ResolveAsync(context, files, configFile) is not { } resolved)
        {
            return ExitCodes.NotFine;
        }

        var result = RuleLoader.LoadFromDisk(resolved, context.Catalog, new RuleLoadOptions { Lenient = lenient });
        await RuleErrors.PrintAsync(context, result);
        if (result.ToYaml() is not { } yaml)
        {
            return ExitCodes.NotFine;
        }

        await context.Out.WriteAsync(Printable.OfDocument(yaml));
        return ExitCodes.Fine;
    }
}
