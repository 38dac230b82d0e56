using Talon.Rules.Matching;

namespace Talon.Host.Hosting;

/// <summary>What a rule book holds at one moment.</summary>
/// <param name="Rules">The set in force.</param>
/// <param name="LoadedAt">When it came into force.</param>
/// <param name="Failure">Why the rule files of now are not in force; null when they are.</param>
public sealed record RuleBookStatus(RuleSet Rules, DateTimeOffset LoadedAt, ReloadFailure? Failure);
