using System.Text;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Makes one bounded line of a text that came from outside: an API server quotes whole objects in its messages.</summary>
internal static class OneLine
{
    public const int MaxLength = 300;

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
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format)
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
}
