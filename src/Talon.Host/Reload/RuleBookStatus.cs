using Talon.Rules.Matching;

namespace Talon.Host.Reload;

/// <summary>What a rule book holds at one moment.</summary>
/// <param name="Failure">Why the rule files of now are not in force; null when they are.</param>
internal sealed record RuleBookStatus(RuleSet Rules, DateTimeOffset LoadedAt, ReloadFailure? Failure);
