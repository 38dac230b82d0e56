namespace Talon.Rules.Tests.Matching;

/// <summary>A plain matcher of globs, written from the text of POSIX: it tries everything, and shares no code with the real one.</summary>
internal static class GlobReference
{
    /// <summary>Whether a pattern that is right stands for the whole text. Both of characters of the basic plane.</summary>
    public static bool Matches(string pattern, string text)
    {
        if (pattern.Length == 0)
        {
            return text.Length == 0;
        }

        if (pattern.StartsWith("**", StringComparison.Ordinal))
        {
            return Matches(pattern[1..], text);
        }

        switch (pattern[0])
        {
            case '*':
                return Enumerable.Range(0, text.Length + 1).Any(taken => Matches(pattern[1..], text[taken..]));
            case '?':
                return text.Length > 0 && Matches(pattern[1..], text[1..]);
            case '\\':
                return text.Length > 0 && text[0] == pattern[1] && Matches(pattern[2..], text[1..]);
            case '[':
                bool isNegated = pattern[1] is '!' or '^';
                int from = isNegated ? 2 : 1;
                int end = pattern.IndexOf(']', from + 1);
                return text.Length > 0 && Has(pattern[from..end], text[0]) != isNegated && Matches(pattern[(end + 1)..], text[1..]);
            default:
                return text.Length > 0 && text[0] == pattern[0] && Matches(pattern[1..], text[1..]);
        }
    }

    private static bool Has(string set, char c)
    {
        for (int i = 0; i < set.Length; i++)
        {
            bool isRange = i + 2 < set.Length && set[i + 1] == '-';
            if (isRange ? c >= set[i] && c <= set[i + 2] : c == set[i])
            {
                return true;
            }

            i += isRange ? 2 : 0;
        }

        return false;
    }
}
