namespace Talon.Chaos.Records;

/// <summary>What the rules of the suite do about an event.</summary>
internal enum WorkKind
{
    /// <summary>The pod is deleted.</summary>
    Terminate = 0,

    /// <summary>The pod gets a label.</summary>
    Label,

    /// <summary>The pod gets a label, then it is deleted: two actions of one plan.</summary>
    LabelAndTerminate,

    /// <summary>A command runs in the pod. Not repeat-safe: a second run is seen.</summary>
    Exec,

    /// <summary>A label under one rule set, a command under the other: shows by which plan an event ran.</summary>
    Swap,
}
