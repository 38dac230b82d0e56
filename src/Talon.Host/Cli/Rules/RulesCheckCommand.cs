using System.CommandLine;
using Talon.Host.Composition;
using Talon.Host.Logging;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Cli.Rules;

/// <summary><c>talon rules check</c>.</summary>
internal static class RulesCheckCommand
{
    public static Command Make(CliContext context, SharedOptions shared)
    {
        var rules = shared.Rules;
        var config = shared.Config;
        var lenient = CliOptions.Lenient();
        var command = new TalonCommand(
            "check",
            "Check rule files.",
            """
            Every error is printed with file, line and column, and what would be right.
            Exit code 0: the rules are valid; 1: they are not.

            Examples:
              talon rules check -r rules.yaml
              talon rules check -r rules.yaml rules_override.yaml
              talon rules check -c config.yaml          the files that the configuration names
            """)
        {
            rules, config, lenient,
        };
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetValue(rules) ?? [], parsed.GetValue(config), parsed.GetValue(lenient)));
        return command;
    }

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
        if (result.Rules is not { } set)
        {
            return ExitCodes.NotFine;
        }

        await context.Out.WriteLineAsync(
            $"rules file valid: {set.Rules.Length} {(set.Rules.Length == 1 ? "rule" : "rules")} in {Printable.Of(string.Join(", ", resolved))} (hash {set.Hash})");
        return ExitCodes.Fine;
    }
}
