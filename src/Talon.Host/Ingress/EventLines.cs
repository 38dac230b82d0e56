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
}
