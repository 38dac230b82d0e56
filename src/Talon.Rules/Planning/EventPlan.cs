using System.Collections.Immutable;

namespace Talon.Rules.Planning;

/// <summary>
/// What will be done about one event: made once at the ingress, journalled with the event, and run as it stands, whatever
/// rules are loaded later. It holds only actions that can run: those behind a <c>continue: false</c> are left out.
/// </summary>
/// <param name="Rules">The matching rules in file order, up to and including the first with <c>continue: false</c>.</param>
public sealed record EventPlan(string RuleSetHash, ImmutableArray<PlannedRule> Rules);
