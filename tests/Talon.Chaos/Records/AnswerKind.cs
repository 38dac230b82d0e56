namespace Talon.Chaos.Records;

/// <summary>How a posting ended for its sender.</summary>
internal enum AnswerKind
{
    /// <summary>200: Talon has the event from now on, or had it before.</summary>
    Accepted = 0,

    /// <summary>Another status, or no connection at all: Talon has promised nothing.</summary>
    Refused,

    /// <summary>The answer was cut off or did not come in time: the event may be Talon's or not.</summary>
    Unknown,
}
