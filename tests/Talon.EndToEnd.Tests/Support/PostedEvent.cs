namespace Talon.EndToEnd.Tests.Support;

/// <summary>An event that was accepted.</summary>
/// <param name="Output">Its output text, which no other event of the process has: the log names it so.</param>
internal sealed record PostedEvent(string Output);
