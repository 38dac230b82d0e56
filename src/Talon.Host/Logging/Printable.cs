using System.Globalization;
using System.Text;

namespace Talon.Host.Logging;

/// <summary>Makes text of events and files fit for a terminal: control and format characters become escapes.</summary>
internal static class Printable
{
    /// <summary>The text with everything invisible escaped.</summary>
    public static string Of(string text) => Escape(text, keepLines: false);

    /// <summary>
    /// JSON, or YAML as <c>rules print</c> writes it, with everything invisible escaped but the ends of lines. It means the same as
    /// before: such characters stand only within double quotes there, where both know the escapes.
    /// </summary>
    public static string OfDocument(string document) => Escape(document, keepLines: true);

    private static string Escape(string text, bool keepLines)
    {
        var result = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            if (IsInvisible(text, i) && !(keepLines && text[i] is '\n' or '\r'))
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private static bool IsInvisible(string text, int at)
    {
        bool isSecondHalf = at > 0 && char.IsSurrogatePair(text[at - 1], text[at]);
        return CharUnicodeInfo.GetUnicodeCategory(text, isSecondHalf ? at - 1 : at) is
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }
}
