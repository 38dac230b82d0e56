using System.Collections.Immutable;
using System.Text;

namespace Talon.Rules.Matching;

/// <summary>The characters in brackets of a <c>glob</c>.</summary>
internal sealed class GlobSet
{
    private readonly bool _isNegated;
    private readonly ImmutableArray<(Rune From, Rune To)> _ranges;

    private GlobSet(bool isNegated, ImmutableArray<(Rune From, Rune To)> ranges)
    {
        _isNegated = isNegated;
        _ranges = ranges;
    }

    /// <summary>Reads a set.</summary>
    /// <param name="at">Where its bracket opens; afterwards where it closes.</param>
    /// <returns>What is wrong, and how to correct it; null when nothing is.</returns>
    public static (string Message, string Hint)? TryParse(Rune[] pattern, ref int at, out GlobSet? set)
    {
        set = null;
        int next = at + 1;
        bool isNegated = next < pattern.Length && pattern[next].Value is '!' or '^';
        next += isNegated ? 1 : 0;
        var ranges = ImmutableArray.CreateBuilder<(Rune, Rune)>();
        for (bool isFirst = true; next < pattern.Length && (isFirst || pattern[next].Value != ']'); isFirst = false)
        {
            if (pattern[next].Value == '[' && next + 1 < pattern.Length && pattern[next + 1].Value is ':' or '.' or '=')
            {
                return ("classes such as [:alpha:] are not known here", "write the characters, such as [A-Za-z]");
            }

            if (!TryTake(pattern, ref next, out var from))
            {
                break;
            }

            var to = from;
            // A minus before the closing bracket is a character like any other.
            if (next + 1 < pattern.Length && pattern[next].Value == '-' && pattern[next + 1].Value != ']')
            {
                next++;
                if (!TryTake(pattern, ref next, out to))
                {
                    break;
                }
            }

            if (from.CompareTo(to) > 0)
            {
                return ($"the range {from}-{to} has its ends the wrong way round", $"write {to}-{from}");
            }

            ranges.Add((from, to));
        }

        if (next >= pattern.Length)
        {
            return ("a [ is not closed", "close it with ], or write \\[ for the character itself");
        }

        at = next;
        set = new GlobSet(isNegated, ranges.ToImmutable());
        return null;
    }

    /// <summary>Whether a character is one of those that the set stands for.</summary>
    public bool Contains(Rune rune)
    {
        foreach (var (from, to) in _ranges)
        {
            if (rune >= from && rune <= to)
            {
                return !_isNegated;
            }
        }

        return _isNegated;
    }

    private static bool TryTake(Rune[] pattern, ref int at, out Rune rune)
    {
        at += pattern[at].Value == '\\' ? 1 : 0;
        bool isThere = at < pattern.Length;
        rune = isThere ? pattern[at] : default;
        at++;
        return isThere;
    }
}
