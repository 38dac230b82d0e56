using System.Collections.Immutable;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Matching;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Compiles <c>match</c> into conditions, in the order in which explanations name them.</summary>
internal sealed class MatchCompiler(MatchKeys keys, DiagnosticBag bag)
{
    private readonly MatchWarnings _warnings = new(bag);

    /// <summary>The conditions; what cannot be compiled is left out of them and reported.</summary>
    /// <param name="isWhole">Whether nothing is left out. If something is, the conditions prove nothing.</param>
    public ImmutableArray<IEventCondition> Compile(RawMatch match, DiagnosticScope scope, out bool isWhole)
    {
        int errors = bag.ErrorCount;
        var conditions = CompileBlock(match, scope, MatchWarnings.RuleNeverMatches);
        if (match.Not is { } not)
        {
            conditions = AddNot(not, conditions, scope, match.IsWhole && bag.ErrorCount == errors);
        }

        isWhole = match.IsWhole && bag.ErrorCount == errors;
        return conditions;
    }

    private ImmutableArray<IEventCondition> AddNot(RawMatch not, ImmutableArray<IEventCondition> conditions, DiagnosticScope scope, bool isWhole)
    {
        int errors = bag.ErrorCount;
        var block = CompileBlock(not, scope, MatchWarnings.NotExcludesNothing);
        isWhole &= bag.ErrorCount == errors;
        if (isWhole && block.IsEmpty)
        {
            // Lenient reading may have left nothing of it; a block of no conditions would exclude every event.
            bag.Add(DiagnosticSeverity.Error, not.Mark, scope, "'not' has no condition that could be read", "correct its keys or remove it");
        }
        else if (isWhole)
        {
            _warnings.OfNot(not, conditions, block, scope);
        }

        return conditions.Add(new NotCondition(block));
    }

    private ImmutableArray<IEventCondition> CompileBlock(RawMatch match, DiagnosticScope scope, string never)
    {
        var conditions = ImmutableArray.CreateBuilder<IEventCondition>();
        if (!match.Rules.IsEmpty)
        {
            conditions.Add(new RuleNameCondition([.. match.Rules.Select(rule => rule.Value)]));
        }

        if (!match.Hostnames.IsEmpty)
        {
            conditions.Add(new HostnameCondition([.. match.Hostnames.Select(host => host.Value)]));
        }

        if (match.Source is { } source)
        {
            _warnings.OfSource(source, scope);
            conditions.Add(new SourceCondition(source.Value));
        }

        if (match.Priority is { } priority)
        {
            AddPriority(priority, conditions, scope, never);
        }

        if (!match.Tags.IsEmpty)
        {
            conditions.Add(new TagCondition([.. Lines(match.Tags, scope, ConditionParser.Tags).Select(line => line.Value)], keys));
        }

        if (!match.OutputFields.IsEmpty)
        {
            var lines = Lines(match.OutputFields, scope, (line, report) => ConditionParser.Fields(line, keys, report));
            _warnings.OfWords(match.OutputFields, scope);
            _warnings.OfFields(lines, match.IsWhole ? match.OutputFields.Length : int.MaxValue, scope, never);
            conditions.Add(new FieldListCondition([.. lines.Select(line => line.Value)]));
        }

        return conditions.ToImmutable();
    }

    private void AddPriority(Located<string> priority, ImmutableArray<IEventCondition>.Builder conditions, DiagnosticScope scope, string never)
    {
        if (!PriorityCondition.TryParse(priority.Value, out var condition))
        {
            string hint = PriorityHint.For(priority.Value);
            bag.Add(DiagnosticSeverity.Error, priority.Mark, scope, $"{CanonicalText.Quote(priority.Value)} is no priority", hint);
            return;
        }

        if (condition.IsImpossible)
        {
            bag.Add(DiagnosticSeverity.Warning, priority.Mark, scope, $"no event has a priority {priority.Value}: {never}", null);
        }

        conditions.Add(condition);
    }

    // A line that cannot be read leaves no trace in the condition, but an error in the bag: there is no rule set then.
    private ImmutableArray<Located<ImmutableArray<T>>> Lines<T>(
        ImmutableArray<Located<string>> lines, DiagnosticScope scope, Func<string, Action<string, string?>, ImmutableArray<T>> parse)
    {
        var parsed = ImmutableArray.CreateBuilder<Located<ImmutableArray<T>>>();
        foreach (var line in lines)
        {
            var parts = parse(line.Value, (message, hint) => bag.Add(DiagnosticSeverity.Error, line.Mark, scope, message, hint));
            if (!parts.IsEmpty)
            {
                parsed.Add(new Located<ImmutableArray<T>>(parts, line.Mark));
            }
        }

        return parsed.ToImmutable();
    }
}
