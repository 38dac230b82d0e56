using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Commands;

/// <summary>The parameters that several commands share.</summary>
internal static class CommandParameters
{
    public const string DefaultShell = "/bin/sh";

    /// <summary>The default of <see cref="MaxOutput"/>: 64 KiB.</summary>
    public const int DefaultMaxOutput = 64 * 1024;

    /// <summary>The shell that runs a text of the rule author.</summary>
    public static ParameterSpec Shell { get; } = new()
    {
        Name = "shell",
        Type = ParameterType.Text,
        DefaultText = DefaultShell,
        Description = "The shell in the container that runs it; an empty text counts as not given.",
        Check = ParameterChecks.Text(text => text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? "must be the path of a shell, without arguments, such as /bin/sh"
            : null),
    };

    public static ParameterSpec AllowUnsetVariables { get; } = new()
    {
        Name = "allow_unset_variables",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Take a variable that the event does not set as empty instead of failing the action.",
    };

    /// <summary>How much of what a command prints is kept. It is journalled, so it is bounded.</summary>
    public static ParameterSpec MaxOutput { get; } = new()
    {
        Name = "max_output",
        Type = ParameterType.Text,
        DefaultText = "64Ki",
        Description = "How many bytes of stdout, and as many of stderr, are kept to be shown; the rest is only counted and digested.",
        Check = ParameterChecks.SizeUpTo(128 * 1024, "64Ki"),
    };

    /// <summary>Whether logs and notifications show the text that an action brings back.</summary>
    public static ParameterSpec Inline { get; } = new()
    {
        Name = "inline",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Show the text that came back in logs and notifications, cut to a limit, instead of only its size and digest.",
    };

    public static string ShellOf(ParameterMap map) => map.GetText(Shell.Name) is { Length: > 0 } shell ? shell : DefaultShell;

    public static int MaxOutputOf(ParameterMap map) => ByteSize.TryParse(map.GetText(MaxOutput.Name), out long bytes) ? (int)bytes : DefaultMaxOutput;
}
