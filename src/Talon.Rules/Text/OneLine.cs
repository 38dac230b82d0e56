using System.Globalization;
using System.Text;

namespace Talon.Rules.Text;

/// <summary>Makes one line, or a bounded one, of a text that came from outside.</summary>
public static class OneLine
{
    /// <summary>The longest line that <see cref="From"/> makes, in UTF-16 units without the mark of a cut: an API server quotes whole objects in its messages.</summary>
    public const int MaxLength = 300;

    /// <summary>
    /// The text as one line of at most <see cref="MaxLength"/>: white space, control and format characters become single spaces, and what is
    /// cut off is shown by <c>…</c>. Empty for null and blank texts.
    /// </summary>
    public static string From(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "";
        }

        var line = new StringBuilder(Math.Min(text.Length, MaxLength + 1));
        bool space = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
            {
                space = line.Length > 0;
                continue;
            }

            if (space)
            {
                line.Append(' ');
                space = false;
            }

            if (line.Length + rune.Utf16SequenceLength > MaxLength)
            {
                return line.Append('…').ToString();
            }

            line.Append(rune.ToString());
        }

        return line.ToString();
    }

    /// <summary>The whole text as one line: each control character becomes a space, and nothing is cut off.</summary>
    public static string Whole(string text)
    {
        return string.Create(text.Length, text, static (line, from) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });
    }

    /// <summary>The text, or its beginning and <c>…</c> when it is longer. The cut never goes between the halves of a surrogate pair.</summary>
    /// <param name="longest">How many UTF-16 units of it are kept.</param>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        int end = longest > 0 && char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return $"{text.AsSpan(0, end)}…";
    }
}
