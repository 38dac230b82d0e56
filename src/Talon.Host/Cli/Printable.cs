using System.Globalization;
using System.Text;

namespace Talon.Host.Cli;

/// <summary>Makes text of an event fit for a terminal: control and format characters become escapes.</summary>
internal static class Printable
{
    /// <summary>The text with everything invisible escaped.</summary>
    /// <param name="text">The text.</param>
    public static string Of(string text)
    {
        if (!text.Any(IsInvisible))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            if (IsInvisible(c))
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
