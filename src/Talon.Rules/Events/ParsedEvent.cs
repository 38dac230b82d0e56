using System.Diagnostics.CodeAnalysis;

namespace Talon.Rules.Events;

/// <summary>The result of reading a body: an event, or the reason why it is not one.</summary>
public readonly record struct ParsedEvent
{
    private ParsedEvent(FalcoEvent? falcoEvent, string? error)
    {
        Event = falcoEvent;
        Error = error;
    }

    /// <summary>The event; null when the body is not one.</summary>
    public FalcoEvent? Event { get; }

    /// <summary>One line that says what is wrong with the body. It never repeats text of the body. Null when it is an event.</summary>
    public string? Error { get; }

    /// <summary>Whether the body is an event.</summary>
    [MemberNotNullWhen(true, nameof(Event))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsEvent => Event is not null;

    internal static ParsedEvent Of(FalcoEvent falcoEvent) => new(falcoEvent, null);

    internal static ParsedEvent Refused(string error) => new(null, error);
}
