using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Talon.Rules.Matching;
using Talon.Rules.Text;

namespace Talon.Rules.Loading.Compiling;

/// <summary>The operators of conditions on output fields that are words: Falco's own, and <c>cidr</c>.</summary>
internal static class FieldOperators
{
    public const string In = "in";
    public const string StartsWith = "startswith";
    public const string EndsWith = "endswith";
    public const string Contains = "contains";
    public const string ContainsInAnyCase = "icontains";
    public const string Glob = "glob";
    public const string Pattern = "regex";
    public const string Exists = "exists";
    public const string Cidr = "cidr";

    public static ImmutableArray<string> All { get; } = [In, StartsWith, EndsWith, Contains, ContainsInAnyCase, Glob, Pattern, Exists, Cidr];

    /// <summary>How a condition with an operator is written.</summary>
    public static string Form(string word) => word switch
    {
        In => "key in (a, b)",
        Exists => "key exists",
        Cidr => "key cidr 10.0.0.0/8",
        Glob => "key glob pattern",
        Pattern => "key regex pattern",
        _ => $"key {word} text",
    };

    /// <summary>Reports that the word after a key is not an operator.</summary>
    public static void ReportUnknown(string key, string word, Action<string, string?> report)
    {
        if (All.Contains(key, StringComparer.Ordinal))
        {
            report("a condition names no field", $"write {Form(key)}");
            return;
        }

        if (key == "not")
        {
            report("a condition cannot begin with 'not'", $"write {word}!=value, or the condition under 'match.not'");
            return;
        }

        string all = $"the operators are =, !=, {string.Join(", ", All)}";
        string hint = word switch
        {
            "not" => "conditions are negated under 'match.not'; " + all,
            _ when Suggest.Nearest(word, All) is { } nearest => $"did you mean '{nearest}'? {all}",
            _ => all,
        };
        report($"unknown operator {CanonicalText.Quote(word)} after {CanonicalText.Quote(key)}", hint);
    }

    /// <summary>Reports that a piece of a line is not a condition.</summary>
    public static void ReportNoCondition(string piece, Action<string, string?> report)
    {
        if (string.IsNullOrWhiteSpace(piece))
        {
            report("a condition is empty", "remove the comma or write key=value after it");
        }
        else if (All.FirstOrDefault(word => piece == word || piece.StartsWith(word + " ", StringComparison.Ordinal)) is { } word)
        {
            report("a condition names no field", $"write {Form(word)}");
        }
        else
        {
            report($"{CanonicalText.Quote(piece)} is no condition", "write key=value or key!=value; put a value with a comma in double quotes");
        }
    }

    /// <summary>The condition of an operator that takes one text; null when the text does not fit and has been reported.</summary>
    public static FieldCondition? WithText(string key, string word, string value, MatchKeys keys, Action<string, string?> report)
    {
        switch (word)
        {
            case StartsWith:
                return new FieldStartsWithCondition(key, value, keys);
            case EndsWith:
                return new FieldEndsWithCondition(key, value, keys);
            case Contains or ContainsInAnyCase:
                return new FieldContainsCondition(key, value, ignoresCase: word == ContainsInAnyCase, keys);
            case Glob or Pattern when value.Length > PatternLimits.LongestPattern:
                report($"the pattern of '{word}' has {value.Length} characters", $"it may have {PatternLimits.LongestPattern}; give each part its own line");
                return null;
            case Glob:
                return ReadGlob(value, report) is { } glob ? new FieldGlobCondition(key, glob, keys) : null;
            case Pattern:
                return RegexReader.Read(value, report) is { } regex ? new FieldRegexCondition(key, value, regex, keys) : null;
            default:
                return ReadNetwork(value, report) is { } network ? new FieldCidrCondition(key, network, keys) : null;
        }
    }

    private static GlobPattern? ReadGlob(string text, Action<string, string?> report)
    {
        if (GlobPattern.TryParse(text, out var pattern, out var problem))
        {
            return pattern;
        }

        report($"{CanonicalText.Quote(text)} is no pattern: {problem!.Value.Message}", problem.Value.Hint);
        return null;
    }

    private static IpNetwork? ReadNetwork(string text, Action<string, string?> report)
    {
        string shown = CanonicalText.Quote(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string addressText = slash < 0 ? text : text[..slash];
        if (!IpAddress.TryParse(Encoding.UTF8.GetBytes(addressText), out var address))
        {
            report(
                $"{shown} is no network",
                text[0] == '(' ? "write one network; for several, give each its own line" : "write an address and how many leading bits count: 10.0.0.0/8, fd00::/8");
            return null;
        }

        bool writtenAsV6 = addressText.Contains(':', StringComparison.Ordinal);
        int widest = writtenAsV6 ? 128 : 32;
        if (slash < 0)
        {
            report($"{shown} is an address, not a network", $"write {text}/{widest} for this address alone");
            return null;
        }

        string bits = text[(slash + 1)..];
        if (!int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || (bits.Length > 1 && bits[0] == '0')
            || IpNetwork.Around(address, length, writtenAsV6) is not { } network)
        {
            int least = writtenAsV6 && address.IsV4 ? 96 : 0;
            report($"{shown} is no network", $"the number after '/' counts leading bits, {least} to {widest} for such an address");
            return null;
        }

        if (network.Address != address)
        {
            report($"{shown} has bits after the first {length}", $"write {network}, or {address}/{network.Width} for the address alone");
            return null;
        }

        return network;
    }
}
