using System.Globalization;
using System.Text;

namespace Talon.Host.Logging;

/// <summary>
/// How values stand on console lines: plain when they are printable ASCII without blank, backslash or double quote, else in
/// double quotes with the escapes of Go, as Falco Talon writes them. So no value can forge a line or speak to the terminal.
/// </summary>
internal static class ConsoleQuoting
{
    /// <summary>Appends a value, quoted when it must be.</summary>
    public static void Append(StringBuilder to, string value)
    {
        if (!NeedsQuotes(value))
        {
            to.Append(value);
            return;
        }

        to.Append('"');
        var rest = value.AsSpan();
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(rest, out var rune, out int used);
            if (status == System.Buffers.OperationStatus.Done)
            {
                AppendRune(to, rune);
            }
            else
            {
                to.Append("\\ufffd");
            }

            rest = rest[used..];
        }

        to.Append('"');
    }

    private static bool NeedsQuotes(string value)
    {
        foreach (char c in value)
        {
            if (c is <= ' ' or '\\' or '"' or > '~')
            {
                return true;
            }
        }

        return false;
    }

    private static void AppendRune(StringBuilder to, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': to.Append("\\\""); break;
            case '\\': to.Append("\\\\"); break;
            case '\a': to.Append("\\a"); break;
            case '\b': to.Append("\\b"); break;
            case '\f': to.Append("\\f"); break;
            case '\n': to.Append("\\n"); break;
            case '\r': to.Append("\\r"); break;
            case '\t': to.Append("\\t"); break;
            case '\v': to.Append("\\v"); break;
            case ' ': to.Append(' '); break;
            case < ' ' or 0x7f: to.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
            case var _ when IsPrintable(rune): to.Append(rune.ToString()); break;
            case <= 0xffff: to.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"); break;
            default: to.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"); break;
        }
    }

    // Letters, marks, numbers, punctuation and symbols: what Go's strconv.Quote leaves as it is. Bidirectional controls are not among them.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
        or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
        or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation
        or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol
        or UnicodeCategory.OtherSymbol;
}
