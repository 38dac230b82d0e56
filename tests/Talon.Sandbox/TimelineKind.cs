namespace Talon.Sandbox;

/// <summary>Who speaks in a line of the timeline.</summary>
internal enum TimelineKind
{
    /// <summary>The sandbox posts an event.</summary>
    Sent,

    /// <summary>Talon's log: an event came in.</summary>
    Event,

    /// <summary>Talon's log: a rule matched.</summary>
    Match,

    /// <summary>A row of Talon's journal.</summary>
    Journal,

    /// <summary>Talon's answer to the sandbox.</summary>
    Answer,

    /// <summary>Talon's log: an action begins or ends.</summary>
    Action,

    /// <summary>A request in the record of the Kubernetes stand-in.</summary>
    Api,

    /// <summary>The stand-in no longer has the pod.</summary>
    Gone,

    /// <summary>Talon's log: a warning or an error.</summary>
    Trouble,
}
