namespace Talon.Rules.Matching;

/// <summary>
/// One key of a rule's <c>match</c>, compiled. All conditions of a rule must hold. A further key of <c>match</c> is a further
/// implementation. Implementations are pure, allocate nothing in <see cref="Holds"/> and know no locale.
/// </summary>
internal interface IEventCondition
{
    /// <summary>Whether the event fulfils it.</summary>
    bool Holds(in EventView view);

    /// <summary>Why the event does not fulfil it, in words for the author of the rule.</summary>
    string Explain(in EventView view);

    /// <summary>What of the event fulfils it, in words; only for events that do.</summary>
    string ExplainHeld(in EventView view);

    /// <summary>The meaning as canonical text, for the content hash.</summary>
    string Canonical { get; }
}
