using System.Collections.Immutable;
using Talon.Rules.Events;
using Talon.Rules.Matching;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading;

/// <summary>Compiles <c>match</c> into conditions, in the order in which explanations name them.</summary>
internal sealed class MatchCompiler(MatchKeys keys, DiagnosticBag bag)
{
    public ImmutableArray<IEventCondition> Compile(RawMatch match, DiagnosticScope scope)
    {
        var conditions = ImmutableArray.CreateBuilder<IEventCondition>();
        if (!match.Rules.IsEmpty)
        {
            conditions.Add(new RuleNameCondition([.. match.Rules.Select(rule => rule.Value)]));
        }

        if (match.Source is { } source)
        {
            conditions.Add(new SourceCondition(source.Value));
        }

        if (match.Priority is { } priority)
        {
            AddPriority(priority, conditions, scope);
        }

        if (!match.Tags.IsEmpty)
        {
            conditions.Add(new TagCondition(Lines(match.Tags, scope, ConditionParser.Tags), keys));
        }

        if (!match.OutputFields.IsEmpty)
        {
            conditions.Add(new FieldListCondition(Lines(match.OutputFields, scope, (line, report) => ConditionParser.Fields(line, keys, report))));
            WarnOfDoubleSigns(match.OutputFields, scope);
        }

        return conditions.ToImmutable();
    }

    private void AddPriority(Located<string> priority, ImmutableArray<IEventCondition>.Builder conditions, DiagnosticScope scope)
    {
        if (!PriorityCondition.TryParse(priority.Value, out var condition))
        {
            string word = priority.Value.Trim('<', '>', '=', ' ', '!');
            string hint = Suggest.Nearest(word, PriorityName.All) is { } nearest
                ? $"did you mean '{Comparator(priority.Value)}{nearest}'?"
                : $"write one of {string.Join(", ", PriorityName.All)}, with <, <=, =, >= or > before it where you mean a range";
            bag.Add(DiagnosticSeverity.Error, priority.Mark, scope, $"{CanonicalText.Quote(priority.Value)} is no priority", hint);
            return;
        }

        if (condition.IsImpossible)
        {
            bag.Add(DiagnosticSeverity.Warning, priority.Mark, scope, $"no event has a priority {priority.Value}: the rule can never match", null);
        }

        conditions.Add(condition);
    }

    private static string Comparator(string text) => text.Trim() switch
    {
        ['<', '=', ..] or ['=', '<', ..] => "<=",
        ['>', '=', ..] or ['=', '>', ..] => ">=",
        ['<', ..] => "<",
        ['>', ..] => ">",
        _ => "",
    };

    // A line that cannot be read leaves no trace in the condition, but an error in the bag: no rule set comes of it.
    private ImmutableArray<ImmutableArray<T>> Lines<T>(
        ImmutableArray<Located<string>> lines, DiagnosticScope scope, Func<string, Action<string, string?>, ImmutableArray<T>> parse)
    {
        var parsed = ImmutableArray.CreateBuilder<ImmutableArray<T>>();
        foreach (var line in lines)
        {
            var parts = parse(line.Value, (message, hint) => bag.Add(DiagnosticSeverity.Error, line.Mark, scope, message, hint));
            if (!parts.IsEmpty)
            {
                parsed.Add(parts);
            }
        }

        return parsed.ToImmutable();
    }

    private void WarnOfDoubleSigns(ImmutableArray<Located<string>> lines, DiagnosticScope scope)
    {
        foreach (var line in lines)
        {
            foreach (var condition in ConditionParser.Fields(line.Value, keys, static (_, _) => { }))
            {
                if (condition.Value.StartsWith('='))
                {
                    bag.Add(
                        DiagnosticSeverity.Warning,
                        line.Mark,
                        scope,
                        $"'{condition.Key}' is compared with a value that begins with '='",
                        $"write '{condition.Key}={condition.Value.TrimStart('=')}' if one sign is meant");
                }
            }
        }
    }
}
