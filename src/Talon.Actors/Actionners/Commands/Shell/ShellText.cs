using System.Globalization;
using Talon.Rules.Variables;

namespace Talon.Actors.Actionners.Commands.Shell;

/// <summary>
/// Keeps values of an event apart from the text that a rule's author wrote for a POSIX shell: each <c>${NAME}</c> or <c>$NAME</c>
/// that the event sets becomes a reference to a variable of the shell, so that no value is ever read as text. Without quotes it
/// is put into double ones: a value stays one word. Where a shell would not expand it, or would read the value again as code, the
/// text is refused; so is a text whose quoting cannot be followed.
/// </summary>
internal static class ShellText
{
    /// <summary>The variable that holds a value, by its index from 0.</summary>
    public static string VariableOf(int index) => string.Create(CultureInfo.InvariantCulture, $"TALON_VAR_{index + 1}");

    /// <summary>Reads a text with the values of one event.</summary>
    /// <param name="allowUnset">Whether unset names are allowed: a field that the event has without a value is empty, any other name is left to the shell.</param>
    public static ShellReading Read(string text, VariableSet variables, bool allowUnset)
    {
        return new ShellScanner(text, Resolve, false).Read();

        ShellName Resolve(string name)
        {
            if (variables.TryGet(name, out _))
            {
                return ShellName.Data;
            }

            if (variables.IsWithoutValue(name))
            {
                return allowUnset ? ShellName.Data : ShellName.Unset;
            }

            return IsMeantForEvent(name) && !allowUnset ? ShellName.Unset : ShellName.Own;
        }
    }

    /// <summary>
    /// Checks a text before there is an event, as if every name that an event could set were set. Null, or what would be refused
    /// whatever the event brings.
    /// </summary>
    public static string? Check(string text) =>
        new ShellScanner(text, name => IsMeantForEvent(name) ? ShellName.Data : ShellName.Own, true).Read() is ShellReading.Refused refused ? refused.Problem : null;

    /// <summary>Names of values have no lower-case letters: a name with one is the shell's own, and so are <c>$1</c>, <c>$?</c> and the like.</summary>
    private static bool IsMeantForEvent(string name) =>
        ShellScanner.NameLength(name, 0) == name.Length && name.Length > 0 && !name.Any(char.IsAsciiLetterLower) && name.Any(char.IsAsciiLetterUpper);
}
