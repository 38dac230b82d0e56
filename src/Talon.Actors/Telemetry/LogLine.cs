using System.Collections.Immutable;

namespace Talon.Actors.Telemetry;

/// <summary>How grave a log line is.</summary>
public enum LogLineLevel
{
    /// <summary>Normal working.</summary>
    Info = 0,

    /// <summary>Somebody should look.</summary>
    Warn = 1,

    /// <summary>Something failed.</summary>
    Error = 2,

    /// <summary>The process ends.</summary>
    Fatal = 3,
}

/// <summary>
/// One line of Talon's own log, with the field names of Falco Talon. Fields that are null or empty are left out of the output.
/// Values may come from an attacker: writers escape them.
/// </summary>
/// <param name="Message">What the line is about: <c>init</c>, <c>event</c>, <c>match</c>, <c>action</c>, <c>retry</c>, <c>http</c>, …</param>
public sealed record LogLine(string Message)
{
    /// <summary>How grave it is.</summary>
    public LogLineLevel Level { get; init; }

    /// <summary>The Talon rule.</summary>
    public string? Rule { get; init; }

    /// <summary>The Falco rule on <c>event</c> and <c>match</c> lines, Falco's output text on <c>action</c> lines.</summary>
    public string? Event { get; init; }

    /// <summary>The event's priority.</summary>
    public string? Priority { get; init; }

    /// <summary>The event's source.</summary>
    public string? Source { get; init; }

    /// <summary>What was done, or Falco's output on <c>event</c> and <c>match</c> lines.</summary>
    public string? Output { get; init; }

    /// <summary>The full name of the actionner.</summary>
    public string? Actionner { get; init; }

    /// <summary>The category of actionners.</summary>
    public string? Category { get; init; }

    /// <summary>The action.</summary>
    public string? Action { get; init; }

    /// <summary><c>in_progress</c>, <c>success</c>, <c>failure</c>, <c>ignored</c> or <c>retry</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Further words on the result: why an action was ignored, how many rules were loaded.</summary>
    public string? Result { get; init; }

    /// <summary>The id by which one event is followed through all lines, 32 hex digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>The identity of the accepted event, <c>EventId-sequence</c>.</summary>
    public string? EventKey { get; init; }

    /// <summary>The attempt of the action, from 1; 0 when there is none.</summary>
    public int Attempt { get; init; }

    /// <summary>The full name of the output, on <c>output</c> lines.</summary>
    public string? OutputTarget { get; init; }

    /// <summary>The objects concerned.</summary>
    public ImmutableSortedDictionary<string, string>? Objects { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Error { get; init; }
}
