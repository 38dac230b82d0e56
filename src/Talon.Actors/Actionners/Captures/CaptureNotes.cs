using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Captures;

/// <summary>What the success of a capture says beside what was done: that less was kept than was asked for. The evidence is there, so it stays a success.</summary>
internal static class CaptureNotes
{
    /// <summary>The outcome, with the notes behind what a success says; any other outcome as it is.</summary>
    /// <param name="outcome">How the storing ended.</param>
    /// <param name="notes">The notes; null for one that does not hold.</param>
    public static ActionOutcome Add(ActionOutcome outcome, params IEnumerable<string?> notes) => outcome is ActionOutcome.Succeeded stored
        ? stored with { Output = string.Join("; ", [stored.Output, .. notes.OfType<string>()]) }
        : outcome;

    /// <summary>That the program did not end as it should, and how.</summary>
    /// <param name="why">How it ended; null when it ended well.</param>
    public static string? BrokenOff(ActionOutcome.Failed? why) =>
        why is null ? null : $"the capture was broken off, what had come by then was kept: {why.Reason}";

    /// <summary>That the capture was larger than what was copied.</summary>
    /// <param name="copy">What copied it; null when it came to no copy.</param>
    /// <param name="maxSize">The bound, in bytes.</param>
    public static string? CutAt(CappedCopy? copy, long maxSize) =>
        copy?.IsCut == true ? $"the capture was cut at {maxSize} bytes, the max_size of the action" : null;
}
