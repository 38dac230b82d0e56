namespace Talon.Rules.Matching;

/// <summary>Why a rule matched an event or did not.</summary>
/// <param name="Reason">The first condition that failed, with what the event had instead; or that all conditions hold.</param>
public sealed record MatchExplanation(string Rule, bool Matches, string Reason);
