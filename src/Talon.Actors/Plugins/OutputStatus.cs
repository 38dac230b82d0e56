namespace Talon.Actors.Plugins;

/// <summary>How an output did when an action of this node used it last.</summary>
/// <param name="Output">Its full name, for instance <c>aws:s3</c>.</param>
/// <param name="Failure">Why it did not take the artifact; null when it did.</param>
public sealed record OutputStatus(string Output, DateTimeOffset At, string? Failure);
