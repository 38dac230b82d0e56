using System.Collections.Immutable;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>match.rules</c>: the Falco rule is one of these, letter by letter.</summary>
internal sealed class RuleNameCondition(ImmutableArray<string> names) : IEventCondition
{
    public ImmutableArray<string> Names { get; } = names;

    public string Canonical => CanonicalText.Of("rules", [.. Names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    public bool Holds(in EventView view) => Names.AsSpan().Contains(view.Event.Rule);

    public string Explain(in EventView view) =>
        $"rules: the event comes from Falco rule {CanonicalText.Quote(view.Event.Rule)}, not from {string.Join(" or ", Names.Select(CanonicalText.Quote))}";

    public string ExplainHeld(in EventView view) => $"the Falco rule is {CanonicalText.Quote(view.Event.Rule)}";
}
