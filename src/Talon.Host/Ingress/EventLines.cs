using Talon.Actors.Telemetry;
using Talon.Rules.Events;

namespace Talon.Host.Ingress;

/// <summary>The log lines and labels that the ingress makes of an event.</summary>
internal static class EventLines
{
    /// <summary>The line that says that an event came in.</summary>
    public static LogLine Event(FalcoEvent falcoEvent, string traceId) => new("event")
    {
        Event = falcoEvent.Rule,
        Priority = falcoEvent.PriorityText,
        Source = falcoEvent.Source,
        Output = falcoEvent.Output,
        TraceId = traceId,
    };

    /// <summary>The priority as Falco spells it; a word that Falco does not know counts as <c>other</c>, a missing one gives no label.</summary>
    public static string PriorityLabel(FalcoEvent falcoEvent) => falcoEvent.Priority switch
    {
        Priority.Unknown when falcoEvent.PriorityText.Length > 0 => BoundedLabel.Other,
        var known => PriorityName.Of(known),
    };
}
