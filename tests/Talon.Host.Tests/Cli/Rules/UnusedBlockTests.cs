using Talon.Actors.Catalog;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Tests.Cli.Rules;

/// <summary>Action blocks that only name an actionner, as the documentation of the original has them: templates for rules.</summary>
public sealed class UnusedBlockTests
{
    public static IEnumerable<object[]> Actionners { get; } = [.. PluginCatalog.Default.Actionners.Select(actionner => new object[] { actionner.Name.ToString() })];

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Load_BareBlockThatNoRuleUses_IsNoError(string actionner)
    {
        string text = $"- action: Bare\n  actionner: {actionner}\n- rule: R\n  match: {{rules: [X]}}\n  actions: [{{action: Other, actionner: kubernetes:terminate}}]\n";

        foreach (bool lenient in (bool[])[false, true])
        {
            var result = RuleLoader.Load([new RuleFile("rules.yaml", text)], PluginCatalog.Default, new RuleLoadOptions { Lenient = lenient });

            Assert.NotNull(result.Rules);
            Assert.All(result.Diagnostics, found => Assert.Equal(DiagnosticSeverity.Warning, found.Severity));
            Assert.Contains(result.Diagnostics, found => found.Message.StartsWith("no rule uses this action block", StringComparison.Ordinal));
        }
    }
}
