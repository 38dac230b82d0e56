using System.CommandLine;

namespace Talon.Host.Cli;

/// <summary>
/// The options that may also stand before the command that takes them, as for the original: <c>talon -r rules.yaml server</c>. One
/// set for one command line: an option is the same wherever it stands, so that it cannot be given twice unnoticed.
/// </summary>
internal sealed class SharedOptions
{
    /// <summary>The configuration file.</summary>
    public Option<string?> Config { get; } = new("--config", "-c")
    {
        Description = "The configuration file. Default: /etc/falco-talon/config.yaml, if it exists.",
        HelpName = "FILE",
    };

    /// <summary>The rule files, in order.</summary>
    public Option<string[]> Rules { get; } = new("--rules", "-r")
    {
        Description = "A rule file; give several to merge them, later ones over earlier ones.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Lets them stand before the subcommands of a command.</summary>
    public void AllowBefore(Command command)
    {
        command.Options.Add(Config);
        command.Options.Add(Rules);
    }

    /// <summary>The message about an option that the command does not take; null when there is none.</summary>
    public string? FindMisplaced(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (Option option in (Option[])[Config, Rules])
        {
            if (parsed.GetResult(option) is { Implicit: false } && (command.Subcommands.Count > 0 || !command.Options.Contains(option)))
            {
                return command.Subcommands.Count > 0
                    ? $"{option.Name} is given, but no command that takes it"
                    : $"{option.Name} has no meaning for this command";
            }
        }

        return null;
    }
}
