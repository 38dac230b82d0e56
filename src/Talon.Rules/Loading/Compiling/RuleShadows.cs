using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Matching;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Warns of rules that can never act: an earlier rule, which does not continue, matches all their events.</summary>
internal sealed class RuleShadows(DiagnosticBag bag)
{
    private readonly ConditionLogic _logic = new();
    private readonly List<Rule> _stopping = [];

    /// <summary>Takes the next rule in file order, one whose conditions are all known.</summary>
    public void Add(Rule rule, YamlMark mark)
    {
        if (!_logic.IsSpent && _stopping.Find(earlier => _logic.Implies(rule.Conditions, earlier.Conditions)) is { } first)
        {
            bag.Add(
                DiagnosticSeverity.Warning,
                mark,
                new DiagnosticScope(rule.Name, null),
                $"the rule can never act: rule '{first.Name}' before it matches every event that this one matches and does not continue",
                "put this rule before it, or let that one continue");
        }

        if (!rule.Continues)
        {
            _stopping.Add(rule);
        }
    }
}
