using System.Collections.Immutable;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Printing;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Matching;

namespace Talon.Rules.Loading;

/// <summary>The result of loading rule files.</summary>
/// <param name="Rules">The rule set; null when there is any error.</param>
/// <param name="Diagnostics">Every error and warning, by file and line.</param>
public sealed record RuleLoadResult(RuleSet? Rules, ImmutableArray<RuleDiagnostic> Diagnostics)
{
    internal ImmutableArray<RawRule> Merged { get; init; } = [];

    /// <summary>
    /// The rules as one rule file: merged, without comments and without what lenient reading left out. An action that stands in
    /// the rules more than once, always the same, is an action block; any other has all that its action block says. It loads
    /// strictly into the same rule set. Null when there is any error.
    /// </summary>
    public string? ToYaml() => Rules is null ? null : RulePrinter.Print(Merged);
}
