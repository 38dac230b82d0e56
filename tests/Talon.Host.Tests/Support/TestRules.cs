using Talon.Actors.Catalog;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;
using Talon.Rules.Matching;

namespace Talon.Host.Tests.Support;

internal static class TestRules
{
    public const string Shell = """
        - action: Terminate Pod
          actionner: kubernetes:terminate

        - rule: Shell
          match:
            rules:
              - Terminal shell in container
          actions:
            - action: Terminate Pod
        """;

    /// <summary>A set with one rule of that name.</summary>
    public static string Named(string rule) => Shell.Replace("rule: Shell", $"rule: {rule}", StringComparison.Ordinal);

    public static RuleSet Load(string text)
    {
        var result = RuleLoader.Load([new RuleFile("rules.yaml", text)], PluginCatalog.Default);
        Assert.True(result.Rules is not null, string.Join('\n', result.Diagnostics));
        return result.Rules;
    }
}
