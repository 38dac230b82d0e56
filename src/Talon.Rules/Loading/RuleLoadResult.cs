using System.Collections.Immutable;
using Talon.Rules.Matching;

namespace Talon.Rules.Loading;

/// <summary>What came of loading rule files.</summary>
/// <param name="Rules">The rule set; null when there is any error.</param>
/// <param name="Diagnostics">Every error and warning, by file and line.</param>
public sealed record RuleLoadResult(RuleSet? Rules, ImmutableArray<RuleDiagnostic> Diagnostics);
