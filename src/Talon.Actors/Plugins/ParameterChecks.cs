using Talon.Rules.Catalog;
using Talon.Rules.Text;
using Talon.Rules.Variables;

namespace Talon.Actors.Plugins;

/// <summary>
/// Checks of parameters that several actionners share. A check gives null when the value is right, else a message that completes
/// <c>parameter 'x': </c>.
/// </summary>
internal static class ParameterChecks
{
    /// <summary>A text that passes a check.</summary>
    public static Func<ParameterValue, string?> Text(Func<string, string?> check) => value =>
        value is ParameterValue.Text text ? check(text.Value) : null;

    /// <summary>A text that passes a check, or the empty one, which counts as not given, as in the original Talon.</summary>
    public static Func<ParameterValue, string?> OrEmpty(Func<ParameterValue, string?> check) => value =>
        value is ParameterValue.Text { Value: "" } ? null : check(value);

    /// <summary>A list of which every text passes a check. The message says which does not.</summary>
    public static Func<ParameterValue, string?> Each(Func<string, string?> check) => value =>
    {
        if (value is not ParameterValue.List list)
        {
            return null;
        }

        for (int i = 0; i < list.Items.Length; i++)
        {
            if (list.Items[i] is ParameterValue.Text text && check(text.Value) is { } message)
            {
                return $"item {i + 1}: {message}";
            }
        }

        return null;
    };

    /// <summary>A number of bytes from 1 on. The example of a plain number is quoted, because the parameter is a text.</summary>
    public static Func<ParameterValue, string?> SizeUpTo(long most, string example) => Text(
        text => ByteSize.TryParse(text, out long bytes) && bytes >= 1 && bytes <= most
            ? null
            : $"must be {ByteSize.Bounds(1, most)}, such as {example} or \"4096\"");

    /// <summary>A text with variables that is more than white space, and in which no variable is misspelt beyond doubt.</summary>
    public static string? Template(string text) => NotBlank(text) ?? TextTemplate.Parse(text).Problem;

    /// <summary>A text that is more than white space.</summary>
    public static string? NotBlank(string text) => string.IsNullOrWhiteSpace(text) ? "must not be empty" : null;
}
