using System.Collections.Immutable;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Rules.Matching;

/// <summary>A compiled rule.</summary>
public sealed class Rule
{
    private readonly IEventCondition[] _others;

    internal Rule(string name, string description, bool continues, ImmutableArray<IEventCondition> conditions, PlannedRule plan, VolatileSet named)
    {
        Name = name;
        Description = description;
        Continues = continues;
        Conditions = conditions;
        Plan = plan;
        Named = named.Union(NamedFields.In(conditions));
        Names = conditions.OfType<RuleNameCondition>().FirstOrDefault();
        _others = [.. conditions.Where(condition => condition is not RuleNameCondition)];
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its description; empty when it has none.</summary>
    public string Description { get; }

    /// <summary>Whether the rules after it run too when it matches.</summary>
    public bool Continues { get; }

    /// <summary>Whether its actions only say what they would do.</summary>
    public bool DryRun => Plan.DryRun;

    /// <summary>
    /// Its part of a plan: the actions that can run, with every default filled in. Positions are counted from 0 within the rule.
    /// </summary>
    public PlannedRule Plan { get; }

    /// <summary>The volatile fields that its conditions and the actions of its plan name.</summary>
    internal VolatileSet Named { get; }

    /// <summary>The Falco rules it names; null when it names none and so applies to every event.</summary>
    internal RuleNameCondition? Names { get; }

    internal ImmutableArray<IEventCondition> Conditions { get; }

    /// <summary>Whether all conditions but <see cref="Names"/> hold.</summary>
    internal bool OthersHold(in EventView view)
    {
        foreach (var condition in _others)
        {
            if (!condition.Holds(view))
            {
                return false;
            }
        }

        return true;
    }

    internal MatchExplanation Explain(in EventView view)
    {
        foreach (var condition in Conditions)
        {
            if (!condition.Holds(view))
            {
                return new MatchExplanation(Name, Matches: false, condition.Explain(view));
            }
        }

        return new MatchExplanation(Name, Matches: true, Conditions.IsEmpty ? "the rule has no conditions" : "all conditions hold");
    }
}
