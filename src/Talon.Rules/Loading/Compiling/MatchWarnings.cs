using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Matching;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Warns of conditions that are allowed but cannot mean what they say. Only what is certain is warned of.</summary>
internal sealed class MatchWarnings(DiagnosticBag bag)
{
    /// <summary>What follows when <c>match</c> holds for no event.</summary>
    public const string RuleNeverMatches = "the rule can never match";

    /// <summary>What follows when <c>not</c> holds for no event.</summary>
    public const string NotExcludesNothing = "'not' excludes nothing";

    // A value, a joining word, and what looks like the next condition.
    private static readonly Regex Joined = new(
        @"(=|startswith |endswith |contains |glob |regex )[^,]* (?<word>and|or|AND|OR|&&|\|\|) (not )?[A-Za-z0-9._\-\[\]/:$*]+ ?(=|!=|in \(|exists|(startswith|endswith|i?contains|glob|regex|cidr) )",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));

    private readonly ConditionLogic _logic = new();

    /// <summary>Warns of sources that Falco spells otherwise.</summary>
    public void OfSource(Located<string> source, DiagnosticScope scope)
    {
        string? meant = source.Value.ToLowerInvariant() switch
        {
            "syscall" or "syscalls" => "syscall",
            "k8saudit" or "k8s-audit" or "k8s_audit" => "k8s_audit",
            _ => null,
        };
        if (meant is not null && meant != source.Value)
        {
            Warn(source.Mark, scope, $"Falco sends no events with the source {CanonicalText.Quote(source.Value)}", $"did you mean '{meant}'?");
        }
    }

    /// <summary>Warns of lines in which conditions are joined as Falco joins them: here the words are part of the value.</summary>
    public void OfWords(ImmutableArray<Located<string>> lines, DiagnosticScope scope)
    {
        foreach (var line in lines)
        {
            if (!line.Value.Contains('"', StringComparison.Ordinal) && Joined.Match(line.Value) is { Success: true } match)
            {
                Warn(
                    line.Mark,
                    scope,
                    $"'{match.Groups["word"].Value}' joins no conditions here, it is part of the value before it",
                    "a comma means 'and', items of the list are alternatives; put the value in double quotes if it is meant");
            }
        }
    }

    /// <summary>Warns of doubled signs, and of lines whose conditions exclude each other.</summary>
    /// <param name="lines">The lines that could be read.</param>
    /// <param name="written">How many lines there are; more than that when not all are known.</param>
    /// <param name="never">What follows when none of them can hold.</param>
    public void OfFields(ImmutableArray<Located<ImmutableArray<FieldCondition>>> lines, int written, DiagnosticScope scope, string never)
    {
        var conflicts = new List<(YamlMark Mark, string Conflict)>();
        foreach (var line in lines)
        {
            foreach (var condition in line.Value)
            {
                WarnOfDoubleSign(condition, line.Mark, scope);
            }

            if (_logic.Conflict(line.Value) is { } conflict)
            {
                conflicts.Add((line.Mark, conflict));
            }
        }

        WarnIfAlways(lines, scope);
        string outcome = conflicts.Count == written ? never : "the line never holds";
        foreach (var (mark, conflict) in conflicts)
        {
            Warn(mark, scope, $"{conflict}: {outcome}", "a comma means 'and'; write alternatives as lines of their own, or with 'in'");
        }
    }

    /// <summary>Warns when <c>not</c> takes away all that the rest of <c>match</c> lets through.</summary>
    public void OfNot(RawMatch not, ImmutableArray<IEventCondition> match, ImmutableArray<IEventCondition> block, DiagnosticScope scope)
    {
        if (_logic.Implies(match, block))
        {
            Warn(
                not.Mark,
                scope,
                $"'not' excludes every event that the other conditions let through: {RuleNeverMatches}",
                "add a condition to 'not' that tells what it excludes from the rest");
        }
    }

    // 'a!=x' and 'a!=y' as two lines: every event fulfils one of them, which nobody means.
    private void WarnIfAlways(ImmutableArray<Located<ImmutableArray<FieldCondition>>> lines, DiagnosticScope scope)
    {
        var seen = new Dictionary<string, FieldEqualsCondition>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.Value is not [FieldEqualsCondition condition])
            {
                continue;
            }

            if (seen.TryGetValue(condition.Key, out var other) && (other.IsEqual, condition.IsEqual) switch
            {
                (false, false) => other.Value != condition.Value,
                (true, true) => false,
                _ => other.Value == condition.Value,
            })
            {
                Warn(
                    line.Mark,
                    scope,
                    $"every event fulfils '{other}' or '{condition}', which are alternatives as they are two items",
                    "write them as one text, joined by a comma and in quotes, if both must hold");
            }

            // One that is unequal says more about those to come.
            if (other is null || (other.IsEqual && !condition.IsEqual))
            {
                seen[condition.Key] = condition;
            }
        }
    }

    private void WarnOfDoubleSign(FieldCondition condition, YamlMark mark, DiagnosticScope scope)
    {
        var (form, value) = condition switch
        {
            FieldEqualsCondition equal => (equal.IsEqual ? "=" : "!=", equal.Value),
            FieldStartsWithCondition start => (" startswith ", start.Prefix),
            _ => ("", ""),
        };
        if (value.StartsWith('='))
        {
            Warn(
                mark,
                scope,
                $"'{condition.Key}' is compared with a value that begins with '='",
                $"write '{condition.Key}{form}{value.TrimStart('=')}' if {(form[0] == ' ' ? "no sign" : "one sign")} is meant");
        }
    }

    private void Warn(YamlMark mark, DiagnosticScope scope, string message, string? hint) =>
        bag.Add(DiagnosticSeverity.Warning, mark, scope, message, hint);
}
