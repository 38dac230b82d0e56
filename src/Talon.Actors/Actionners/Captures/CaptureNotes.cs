using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Captures;

/// <summary>Notes on a capture that kept less than was asked for. The evidence is there, so it stays a success.</summary>
internal static class CaptureNotes
{
    /// <summary>Appends the notes to the text of a success; any other outcome stays as it is.</summary>
    /// <param name="notes">Null for a note that does not apply.</param>
    public static ActionOutcome Add(ActionOutcome outcome, params IEnumerable<string?> notes) => outcome is ActionOutcome.Succeeded stored
        ? stored with { Output = string.Join("; ", [stored.Output, .. notes.OfType<string>()]) }
        : outcome;

    /// <summary>The note on a program that failed; null when it did not.</summary>
    public static string? BrokenOff(ActionOutcome.Failed? why) =>
        why is null ? null : $"the capture was broken off, what had come by then was kept: {why.Reason}";

    /// <summary>The note on a capture that was larger than the bound, in bytes; null when it was not or nothing was copied.</summary>
    public static string? CutAt(CappedCopy? copy, long maxSize) =>
        copy?.IsCut == true ? $"the capture was cut at {maxSize} bytes, the max_size of the action" : null;
}
