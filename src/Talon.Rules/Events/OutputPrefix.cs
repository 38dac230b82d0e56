namespace Talon.Rules.Events;

/// <summary>
/// Finds the time and priority that Falco puts before the rendered message: <c>13:02:07.004519883: Warning </c> or, with
/// <c>time_format_iso_8601</c>, <c>2025-03-01T13:02:07.004519883+0000: Warning </c>.
/// </summary>
internal static class OutputPrefix
{
    // The longest word comes first, so that "Informational" is not taken for "Info".
    private static readonly string[] Words =
        ["Informational", "Emergency", "Critical", "Warning", "Notice", "Debug", "Error", "Alert", "Info"];

    /// <summary>The text without the prefix and without one blank after it; the text as it is when it has no prefix.</summary>
    public static string Trim(string output)
    {
        int length = Length(output);
        if (length == 0)
        {
            return output;
        }

        return output[(length < output.Length && output[length] == ' ' ? length + 1 : length)..];
    }

    private static int Length(ReadOnlySpan<char> text)
    {
        int time = DateLength(text);
        int clock = ClockLength(text[time..]);
        if (clock == 0)
        {
            return 0;
        }

        int at = time + clock;
        if (time > 0)
        {
            int zone = ZoneLength(text[at..]);
            if (zone == 0)
            {
                return 0;
            }

            at += zone;
        }

        if (!text[at..].StartsWith(": "))
        {
            return 0;
        }

        var rest = text[(at + 2)..];
        foreach (string word in Words)
        {
            if (rest.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && (rest.Length == word.Length || !IsWordPart(rest[word.Length])))
            {
                return at + 2 + word.Length;
            }
        }

        return 0;
    }

    private static int DateLength(ReadOnlySpan<char> text) => Fits(text, "dddd-dd-ddT") ? 11 : 0;

    private static int ClockLength(ReadOnlySpan<char> text) => Fits(text, "dd:dd:dd.ddddddddd") ? 18 : 0;

    private static int ZoneLength(ReadOnlySpan<char> text)
    {
        if (Fits(text, "Z"))
        {
            return 1;
        }

        if (text.Length == 0 || text[0] is not ('+' or '-'))
        {
            return 0;
        }

        var offset = text[1..];
        return Fits(offset, "dddd") ? 5 : Fits(offset, "dd:dd") ? 6 : 0;
    }

    private static bool Fits(ReadOnlySpan<char> text, string pattern)
    {
        if (text.Length < pattern.Length)
        {
            return false;
        }

        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == 'd' ? !char.IsAsciiDigit(text[i]) : text[i] != pattern[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
