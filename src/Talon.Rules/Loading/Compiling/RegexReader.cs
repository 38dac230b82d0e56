using System.Text.RegularExpressions;
using Talon.Rules.Matching;
using Talon.Rules.Text;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Reads the regular expressions of conditions: those that can be matched in a time linear in the text.</summary>
internal static class RegexReader
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>The expression for whole texts; null when it is wrong, which has been reported.</summary>
    /// <param name="report">Takes what is wrong and how to correct it.</param>
    public static Regex? Read(string pattern, Action<string, string?> report)
    {
        string shown = CanonicalText.Quote(pattern);
        if (PosixClass(pattern) is { } name)
        {
            report($"the regular expression {shown} has a class {name}, which means something else here", "write the characters, such as [A-Za-z], or \\d or \\s");
            return null;
        }

        long writtenOut = RegexSize.WrittenOut(pattern);
        if (writtenOut > PatternLimits.MostWrittenOut)
        {
            report(
                $"the regular expression {shown} is too costly: written out, its counted repetitions come to {writtenOut} characters",
                $"they may come to {PatternLimits.MostWrittenOut}; write * or + in place of a number");
            return null;
        }

        try
        {
            // By itself first: a bracket too many could close the group around it.
            _ = new Regex(pattern, Options);
            return new Regex($"\\A(?:{pattern})\\z", Options);
        }
        catch (RegexParseException e) when (e.Offset <= pattern.Length)
        {
            report($"{shown} is no regular expression: {WordsFor(e.Error)} (at character {Math.Max(e.Offset, 1)})", HintFor(e.Error));
        }
        catch (RegexParseException)
        {
            report($"the regular expression {shown} ends in a comment", "remove the comment, or the option x");
        }
        catch (NotSupportedException)
        {
            report(
                $"the regular expression {shown} cannot be matched in a time linear in the text",
                "write it without lookarounds (?=…) (?!…) (?<=…) (?<!…), backreferences \\1, atomic groups (?>…), alternatives on a test (?(…)…) and \\G");
        }

        return null;
    }

    // RE2 and POSIX know [[:alpha:]]; .NET takes it for the characters [, :, a, l, p and h before a bracket.
    private static string? PosixClass(string pattern)
    {
        int open = pattern.IndexOf("[:", StringComparison.Ordinal);
        int close = open < 0 ? -1 : pattern.IndexOf(":]", open + 2, StringComparison.Ordinal);
        return close > open + 2 && pattern.AsSpan(open + 2, close - open - 2).TrimStart('^') is { IsEmpty: false } word && !word.ContainsAnyExceptInRange('a', 'z')
            ? pattern[open..(close + 2)]
            : null;
    }

    private static string WordsFor(RegexParseError error) => error switch
    {
        RegexParseError.InsufficientClosingParentheses => "a ( is not closed",
        RegexParseError.InsufficientOpeningParentheses => "a ) closes nothing",
        RegexParseError.UnterminatedBracket => "a [ is not closed",
        RegexParseError.QuantifierAfterNothing => "there is nothing before a *, + or ? that could be repeated",
        RegexParseError.NestedQuantifiersNotParenthesized => "a repetition is repeated",
        RegexParseError.UnescapedEndingBackslash => "a backslash at its end stands before nothing",
        RegexParseError.ReversedQuantifierRange => "a repetition {n,m} has its numbers the wrong way round",
        RegexParseError.ReversedCharacterRange => "a range has its ends the wrong way round",
        RegexParseError.UnrecognizedEscape => "there is no such escape",
        RegexParseError.InvalidGroupingConstruct => "there is no such group",
        RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference => "a backreference names no group",
        RegexParseError.InvalidUnicodePropertyEscape or RegexParseError.UnrecognizedUnicodeProperty or RegexParseError.MalformedUnicodePropertyEscape =>
            "there is no such class of characters",
        _ => "it cannot be read",
    };

    private static string? HintFor(RegexParseError error) => error switch
    {
        RegexParseError.InvalidGroupingConstruct => "groups are (…), (?:…) and (?<name>…); (?i) before the rest ignores case",
        RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference => "backreferences cannot be matched in a time linear in the text",
        RegexParseError.QuantifierAfterNothing or RegexParseError.InsufficientClosingParentheses or RegexParseError.InsufficientOpeningParentheses
            or RegexParseError.UnterminatedBracket => "put a backslash before it if the character itself is meant",
        _ => null,
    };
}
