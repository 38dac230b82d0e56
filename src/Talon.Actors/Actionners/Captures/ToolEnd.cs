using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Captures;

/// <summary>How a program ended that <see cref="CaptureTool"/> ran.</summary>
/// <param name="Failure">Null when it did what it should, else why not; never a failure that asks for the action to be done again.</param>
/// <param name="Started">Whether it ran: what it had written by its end may be worth keeping then.</param>
internal sealed record ToolEnd(ActionOutcome.Failed? Failure, bool Started);
