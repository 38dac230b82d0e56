using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary><c>match.source</c>: the event's source is this one, letter by letter.</summary>
internal sealed class SourceCondition(string source) : IEventCondition
{
    public string Canonical => CanonicalText.Of("source", [source]);

    public bool Holds(FalcoEvent falcoEvent) => falcoEvent.Source == source;

    public string Explain(FalcoEvent falcoEvent) =>
        $"source: the event's source is {CanonicalText.Quote(falcoEvent.Source)}, not {CanonicalText.Quote(source)}";
}
