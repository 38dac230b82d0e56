namespace Talon.Rules.Matching;

/// <summary><c>match.source</c>: the event's source is this one, letter by letter.</summary>
internal sealed class SourceCondition(string source) : IEventCondition
{
    public string Canonical => CanonicalText.Of("source", [source]);

    public bool Holds(in EventView view) => view.Event.Source == source;

    public string Explain(in EventView view) =>
        $"source: the event's source is {CanonicalText.Quote(view.Event.Source)}, not {CanonicalText.Quote(source)}";
}
