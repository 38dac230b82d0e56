using System.Collections.Immutable;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Rules.Matching;

/// <summary>One combination of matching rules, with the plan that follows from it.</summary>
internal sealed record MatchedSet(ImmutableArray<string> Names, EventPlan Plan, VolatileSet Named)
{
    /// <summary>How many names of rules and actions it holds: what it costs to remember.</summary>
    public int Size => Names.Length + Plan.Rules.Sum(rule => rule.Actions.Length);

    /// <summary>Joins the parts of the matching rules into one plan, up to the first that does not continue.</summary>
    public static MatchedSet Of(string ruleSetHash, ImmutableArray<Rule> rules, ReadOnlySpan<int> matching)
    {
        var names = ImmutableArray.CreateBuilder<string>(matching.Length);
        var planned = ImmutableArray.CreateBuilder<PlannedRule>();
        int position = 0;
        bool open = true;
        var named = default(VolatileSet);
        foreach (int index in matching)
        {
            var rule = rules[index];
            names.Add(rule.Name);
            named = named.Union(rule.Named);
            if (open)
            {
                int first = position;
                planned.Add(rule.Plan with { Actions = [.. rule.Plan.Actions.Select(action => action with { Position = first + action.Position })] });
                position += rule.Plan.Actions.Length;
                open = rule.Continues;
            }
        }

        return new MatchedSet(names.MoveToImmutable(), new EventPlan(ruleSetHash, planned.ToImmutable()), named);
    }
}
