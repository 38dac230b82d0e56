using System.Text;

namespace Talon.Rules.Matching;

/// <summary>What the patterns of <c>glob</c> and <c>regex</c> may cost.</summary>
internal static class PatternLimits
{
    /// <summary>How many characters a pattern may have.</summary>
    public const int LongestPattern = 500;

    /// <summary>How many characters the counted repetitions of a regular expression may come to when they are written out.</summary>
    public const int MostWrittenOut = 64;

    /// <summary>
    /// How many bytes of UTF-8 the text of a field may have. No event of Falco's system calls has more; a condition on a longer
    /// text does not hold, so that a rule does not act on it, and an exception under <c>not</c> does not excuse it.
    /// </summary>
    public const int LongestText = 64 * 1024;

    /// <summary>What an explanation adds about a text that is too long to be tested; empty for others.</summary>
    public static string Remark(string text) =>
        Encoding.UTF8.GetByteCount(text) > LongestText ? $", which is not looked at: it has more than {LongestText} bytes" : "";
}
