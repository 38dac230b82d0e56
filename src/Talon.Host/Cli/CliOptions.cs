using System.CommandLine;

namespace Talon.Host.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CliOptions
{
    /// <summary>The configuration file.</summary>
    public static Option<string?> Config() => new("--config", "-c")
    {
        Description = "The configuration file. Default: /etc/falco-talon/config.yaml, if it exists.",
        HelpName = "FILE",
    };

    /// <summary>The rule files, in order.</summary>
    public static Option<string[]> Rules() => new("--rules", "-r")
    {
        Description = "A rule file; give several to merge them, later ones over earlier ones.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Whether files written for the original are let through.</summary>
    public static Option<bool> Lenient() => new("--lenient")
    {
        Description = "Only warn about unknown keys, and leave out what this version cannot run yet.",
    };

    /// <summary>The form of the output.</summary>
    public static Option<string> Output()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "How the result looks: text or json.",
            HelpName = "text|json",
            DefaultValueFactory = _ => "text",
        };
        return option.AcceptOnlyFromAmong("text", "json");
    }
}
