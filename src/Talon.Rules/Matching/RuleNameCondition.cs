using System.Collections.Immutable;
using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary><c>match.rules</c>: the Falco rule is one of these, letter by letter.</summary>
internal sealed class RuleNameCondition(ImmutableArray<string> names) : IEventCondition
{
    public ImmutableArray<string> Names { get; } = names;

    public string Canonical => CanonicalText.Of("rules", [.. Names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    public bool Holds(FalcoEvent falcoEvent) => Names.AsSpan().Contains(falcoEvent.Rule);

    public string Explain(FalcoEvent falcoEvent) =>
        $"rules: the event comes from Falco rule {CanonicalText.Quote(falcoEvent.Rule)}, not from {string.Join(" or ", Names.Select(CanonicalText.Quote))}";
}
