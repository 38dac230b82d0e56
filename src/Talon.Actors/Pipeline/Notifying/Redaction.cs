using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Talon.Rules.Text;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>
/// Takes out of a text what must not leave Talon by a notification: credentials, and characters that do something to the screen of
/// the reader. Finds what looks like one; no promise that a secret without any sign of being one is found. Takes time in proportion to
/// the length of the text, whatever it is: the automata do not backtrack.
/// </summary>
internal static class Redaction
{
    /// <summary>What stands in place of a credential.</summary>
    public const string Mark = "[redacted]";

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
    private const RegexOptions AnyCase = Options | RegexOptions.IgnoreCase;

    // Words that make the name of a field or a flag the name of a secret, wherever they stand in it.
    private const string Words =
        @"(?:password|passwd|passphrase|pwd|secret|token|api[_.-]?key|access[_.-]?key|private[_.-]?key|account[_.-]?key|credentials?|cookie|session[_.-]?id)";

    private const string Value = """(?:\[redacted\]|\\?"(?:[^"\\]|\\[^"])*\\?"?|'[^']*'?|[^\s"',;&)}\]]+)""";

    // In this order: what spans lines first, then what takes the rest of a line, then single words.
    private static readonly (Regex Pattern, string Replacement)[] Patterns =
    [
        (new(@"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)", Options), Mark),
        (new("""(?<keep>(?:proxy-)?authorization\\?["']?\s*[:=]\s*\\?["']?)[^"'\\\r\n]+""", AnyCase), "${keep}" + Mark),
        (new(@"\b(?<keep>bearer\s+)[A-Za-z0-9._~+/=-]{6,}", AnyCase), "${keep}" + Mark),
        (new(@"\b(?<keep>basic\s+)[A-Za-z0-9+/]{16,}={0,2}", AnyCase), "${keep}" + Mark),
        (new(@"(?<keep>[A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#""'<>]+@", Options), "${keep}" + Mark + "@"),
        (new($"""(?<keep>[\w.-]*{Words}[\w.-]*\\?["']?\s*(?::=|=>|[:=])\s*){Value}""", AnyCase), "${keep}" + Mark),
        (new($"""(?<keep>--?[\w-]*{Words}[\w-]*\s+){Value}""", AnyCase), "${keep}" + Mark),
        (new(@"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?", Options), Mark),
        (new(@"\b(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16}\b", Options), Mark),
        (new(@"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{30,})", Options), Mark),
    ];

    // CSI and OSC sequences, and the two-character ones.
    private static readonly Regex Ansi = new(@"\x1b(?:\[[0-9;?:<=>]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])", Options);

    /// <summary>Cleans a text.</summary>
    /// <param name="text">The text; line breaks stay, as <c>\n</c>.</param>
    /// <param name="longest">How many chars of it are kept; a cut is shown by <c>…</c> and never goes through a character.</param>
    public static string Clean(string text, int longest)
    {
        string clean = Printable(text);
        foreach (var (pattern, replacement) in Patterns)
        {
            clean = pattern.Replace(clean, replacement);
        }

        return Cut(clean, longest);
    }

    // Before the patterns: what is invisible must not split a word that they look for.
    private static string Printable(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in Ansi.Replace(text, "").Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control when rune.Value is '\n' or '\r':
                    clean.Append('\n');
                    break;
                case UnicodeCategory.Control when rune.Value == '\t':
                    clean.Append(' ');
                    break;
                case UnicodeCategory.Control or UnicodeCategory.Format:
                    break;
                case UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    clean.Append('\n');
                    break;
                default:
                    clean.Append(rune.ToString());
                    break;
            }
        }

        return clean.ToString();
    }

    // The mark of the cut counts as well.
    private static string Cut(string text, int longest) => text.Length <= longest ? text : OneLine.Cut(text, Math.Max(longest - 1, 0));
}
