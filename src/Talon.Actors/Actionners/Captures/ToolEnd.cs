using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Captures;

/// <summary>How a program that <see cref="CaptureTool"/> ran has ended.</summary>
/// <param name="Failure">Why it failed, never with a kind that asks for another attempt of the action; null when it did not.</param>
/// <param name="Started">Whether it ran: then what it had written may be worth keeping.</param>
internal sealed record ToolEnd(ActionOutcome.Failed? Failure, bool Started);
