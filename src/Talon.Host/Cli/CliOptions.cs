using System.CommandLine;

namespace Talon.Host.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CliOptions
{
    /// <summary>Whether files written for the original are let through.</summary>
    public static Option<bool> Lenient() => new("--lenient")
    {
        Description = "Only warn about unknown keys, and leave out what this version cannot run yet.",
    };

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
