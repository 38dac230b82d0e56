using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Talon.Actors.Actionners.Commands.Shell;
using Talon.Rules.Catalog;
using Talon.Rules.Variables;

namespace Talon.Actors.Actionners.Commands;

/// <summary>
/// Makes the command that runs a rule author's text in a shell of a container. Values of the event are arguments of that command;
/// an assignment before the text gives each of them a name. It needs no program but the shell, exports nothing to what the text starts,
/// and the shell never parses a value.
/// </summary>
internal static class PodShell
{
    // Talon's rules for quoting and evaluation hold for these; in ksh, mksh and zsh a test evaluates its operands.
    private static readonly ImmutableArray<string> Known = ["sh", "bash", "dash", "ash"];

    /// <summary>The command that runs a text as <c>shell -c</c>, or null and why it cannot be run.</summary>
    /// <param name="allowUnset">Whether names that are not set are left to the shell.</param>
    public static (ShellProgram? Program, string? Problem) Command(string shell, string text, VariableSet variables, bool allowUnset)
    {
        var (read, values, problem) = Read(shell, text, variables, allowUnset);
        if (read is null)
        {
            return (null, problem);
        }

        ImmutableArray<string> arguments = values.IsEmpty ? [shell, "-c", read] : [shell, "-c", Assignments(values.Length) + read, shell, .. values];
        return (new ShellProgram(arguments, null), null);
    }

    /// <summary>
    /// The command that runs a text which the shell reads from its input, so that no file is left behind; or null and why it cannot be run.
    /// </summary>
    /// <param name="allowUnset">Whether names that are not set are left to the shell.</param>
    public static (ShellProgram? Program, string? Problem) Script(string shell, string text, VariableSet variables, bool allowUnset)
    {
        var (read, values, problem) = Read(shell, text, variables, allowUnset);
        if (read is null)
        {
            return (null, problem);
        }

        // In braces the shell reads all of it before it runs any: a script that arrived by half does nothing, and what it starts
        // cannot read the rest of the script as input. The empty line ends what a last backslash would go on with.
        string input = $"{Assignments(values.Length)}{{ :; {read}\n\n}} </dev/null\n";
        ImmutableArray<string> arguments = values.IsEmpty ? [shell, "-s"] : [shell, "-s", "--", .. values];
        return (new ShellProgram(arguments, Encoding.UTF8.GetBytes(input)), null);
    }

    /// <summary>
    /// What is wrong with a text for a shell whatever the event brings; null when nothing is, and where unset names are left to the shell.
    /// </summary>
    /// <param name="parameter">The name of the parameter that holds the text.</param>
    public static string? CheckText(ParameterMap map, string parameter) =>
        map.GetFlag(CommandParameters.AllowUnsetVariables.Name) != true && map.GetText(parameter) is { } text && ShellText.Check(text) is { } problem
            ? $"parameter '{parameter}': {problem}"
            : null;

    /// <summary>Null when Talon knows how the shell reads text, else what is wrong.</summary>
    public static string? CheckShell(string shell) => Known.Contains(NameOf(shell), StringComparer.Ordinal)
        ? null
        : $"'{shell}' is not known to be a POSIX shell that reads a script from its input; write one that is called {string.Join(", ", Known)}";

    private static (string? Text, ImmutableArray<string> Values, string? Problem) Read(string shell, string text, VariableSet variables, bool allowUnset)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return (null, [], "the text for the shell holds a NUL character, which no shell can be given");
        }

        switch (ShellText.Read(text, variables, allowUnset))
        {
            case ShellReading.Refused refused:
                return (null, [], $"the text for the shell: {refused.Problem}");
            case ShellReading.Done { Names.Length: > 0 } when !Known.Contains(NameOf(shell), StringComparer.Ordinal):
                return (null, [], $"'{shell}' is not known to keep values of the event apart from its text; use one that is called {string.Join(", ", Known)}");
            case ShellReading.Done done:
                var values = ImmutableArray.CreateBuilder<string>(done.Names.Length);
                foreach (string name in done.Names)
                {
                    string value = variables.TryGet(name, out var variable) ? variable.Value : "";
                    if (value.Contains('\0', StringComparison.Ordinal))
                    {
                        return (null, [], $"the value of {name} holds a NUL character, which no program can be given");
                    }

                    values.Add(value);
                }

                return (done.Text, values.DrainToImmutable(), null);
            case var other:
                throw new InvalidOperationException($"unexpected reading: {other}");
        }
    }

    // On the first line of the text, so that the line numbers of the shell's messages are those of the text.
    private static string Assignments(int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{ShellText.VariableOf(i)}=${{{i + 1}}}; ");
        }

        return count == 0 ? "" : text.Append(CultureInfo.InvariantCulture, $"shift {count}; ").ToString();
    }

    private static string NameOf(string shell) => shell[(shell.LastIndexOf('/') + 1)..];
}
