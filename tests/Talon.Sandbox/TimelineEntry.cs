namespace Talon.Sandbox;

/// <summary>One line of the timeline.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="Kind">Who says so.</param>
/// <param name="Text">What happened.</param>
/// <param name="Meaning">Why it happens, for the line below; null for none.</param>
internal sealed record TimelineEntry(DateTimeOffset Time, TimelineKind Kind, string Text, string? Meaning = null);
