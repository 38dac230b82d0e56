using System.Collections.Immutable;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary>
/// What can be told about conditions without an event. Every yes is certain; a no may mean that it was not found out: the
/// number of steps is bounded, and what is left when they are spent stays unknown.
/// </summary>
/// <param name="steps">The most comparisons in all.</param>
internal sealed class ConditionLogic(int steps = ConditionLogic.MostSteps)
{
    // Well under a second.
    private const int MostSteps = 10_000_000;
    private long _left = steps;

    /// <summary>Whether nothing more will be found out.</summary>
    public bool IsSpent => _left < 0;

    /// <summary>Whether every event that fulfils all of the first conditions fulfils all of the second.</summary>
    public bool Implies(ImmutableArray<IEventCondition> conditions, ImmutableArray<IEventCondition> others) =>
        !IsSpent && others.All(other => conditions.Any(condition => Implies(condition, other)));

    /// <summary>Why no event can fulfil all conditions of a line, in words; null when none is known.</summary>
    public string? Conflict(ImmutableArray<FieldCondition> line)
    {
        for (int i = 0; i < line.Length && !IsSpent; i++)
        {
            for (int k = i + 1; k < line.Length && !IsSpent; k++)
            {
                if (MayCompare(line[i], line[k]) && FieldLogic.Excludes(line[i], line[k]))
                {
                    return $"'{CanonicalText.Shorten(line[i].ToString())}' and '{CanonicalText.Shorten(line[k].ToString())}' exclude each other";
                }
            }
        }

        return line.FirstOrDefault(condition => IsLeftNothing(condition, line)) is { } one
            ? $"no value of '{one.Key}' fulfils all conditions of the line"
            : null;
    }

    private bool Implies(IEventCondition condition, IEventCondition other) => TrySpend(1) && (condition, other) switch
    {
        (RuleNameCondition one, RuleNameCondition two) => IsSubset(one.Names, two.Names),
        (HostnameCondition one, HostnameCondition two) => IsSubset(one.Names, two.Names),
        (SourceCondition one, SourceCondition two) => one.Source == two.Source,
        (PriorityCondition one, PriorityCondition two) => (one.Mask & ~two.Mask) == 0,
        (TagCondition one, TagCondition two) => one.Lines.All(line => two.Lines.Any(wider => IsSubset(wider, line))),
        (FieldListCondition one, FieldListCondition two) =>
            one.Lines.All(line => Conflict(line) is not null || two.Lines.Any(wider => Implies(line, wider))),
        // What the wider block excludes is all that the narrower one does.
        (NotCondition one, NotCondition two) => Implies(two.Block, one.Block),
        _ => false,
    };

    private bool Implies(ImmutableArray<FieldCondition> line, ImmutableArray<FieldCondition> wider) =>
        wider.All(other => line.Any(condition => MayCompare(condition, other) && FieldLogic.Implies(condition, other)));

    // Each value that a condition allows is refused by another one.
    private bool IsLeftNothing(FieldCondition condition, ImmutableArray<FieldCondition> line) =>
        FieldLogic.TextsOf(condition) is { } texts
        && TrySpend((long)texts.Length * line.Length)
        && texts.All(text => line.Any(other => other.Key == condition.Key && !other.HoldsFor(text)));

    private bool IsSubset(ImmutableArray<string> some, ImmutableArray<string> all) =>
        TrySpend((long)some.Length * all.Length) && some.All(all.Contains);

    private bool MayCompare(FieldCondition one, FieldCondition other) =>
        TrySpend(1) && one.Key == other.Key && TrySpend(FieldLogic.Cost(one) + FieldLogic.Cost(other));

    private bool TrySpend(long steps)
    {
        _left -= steps;
        return !IsSpent;
    }
}
