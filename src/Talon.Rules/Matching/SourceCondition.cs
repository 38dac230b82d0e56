using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>match.source</c>: the event's source is this one, letter by letter.</summary>
internal sealed class SourceCondition(string source) : IEventCondition
{
    public string Source { get; } = source;

    public string Canonical => CanonicalText.Of("source", [Source]);

    public bool Holds(in EventView view) => view.Event.Source == Source;

    public string Explain(in EventView view) =>
        $"source: the event's source is {CanonicalText.Quote(view.Event.Source)}, not {CanonicalText.Quote(Source)}";

    public string ExplainHeld(in EventView view) => $"source is {CanonicalText.Quote(Source)}";
}
