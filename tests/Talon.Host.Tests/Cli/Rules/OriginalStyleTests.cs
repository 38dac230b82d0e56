using System.Text.RegularExpressions;
using Talon.Actors.Catalog;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Tests.Cli.Rules;

/// <summary>
/// Rule files as they were written for the original, and every line that is said about them in <c>Samples/*.expected.txt</c>. Set
/// TALON_WRITE_SNAPSHOTS to a folder to have the present answer written there for review.
/// </summary>
public sealed partial class OriginalStyleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Samples");
    private static readonly string[] Files = [Path.Combine(Folder, "rules.original-style.yaml"), Path.Combine(Folder, "rules_override.original-style.yaml")];

    private readonly TestCli _cli = new();

    [Fact]
    public async Task Check_Lenient_LoadsAndWarnsOfEachKeyWithoutEffect()
    {
        Assert.Equal(0, await _cli.RunAsync("rules", "check", "--lenient", "-r", Files[0], Files[1]));

        string said = _cli.Error.Replace(Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("TALON_WRITE_SNAPSHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "rules.original-style.expected.txt"), said);
        }

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Folder, "rules.original-style.expected.txt")), said);
        Assert.StartsWith("rules file valid: ", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("additional_contexts:\n    - k8snode\n\n- action: Terminate Gently", 1)]
    [InlineData("gracePeriods:", 0)]
    [InlineData("ignoreDaemonsets:", 0)]
    [InlineData("allow:", 0)]
    [InlineData("order: 20\n\n- action: Empty the Node", 0)]
    [InlineData("force:", 0)]
    [InlineData("contexts:\n    - k8snode\n\n- action: Call the Lambda", 0)]
    [InlineData("tail_lines: 1000\n    file:", 0)]
    public void Load_KeyWithoutEffect_IsOneWarningAtItsLine(string key, int linesBelow)
    {
        string text = File.ReadAllText(Files[0]);
        int at = text.IndexOf(key, StringComparison.Ordinal);
        Assert.True(at >= 0, key);
        int line = text[..at].Count(letter => letter == '\n') + 1 + linesBelow;

        var found = Assert.Single(Load(lenient: true).Diagnostics, found => found.File == Files[0] && found.Line == line);

        Assert.Equal(DiagnosticSeverity.Warning, found.Severity);
    }

    [Fact]
    public void Load_Lenient_KeepsWhatThisVersionCanRun()
    {
        var rules = Load(lenient: true).Rules!.Rules;

        var shell = rules.Single(rule => rule.Name == "Terminal shell in container").Plan;
        Assert.Equal(["Mark as Suspicious", "Terminate Pod"], shell.Actions.Where(action => action.Actionner.Name is "label" or "terminate").Select(action => action.Name));
        var terminate = shell.Actions[^1];
        Assert.Equal((2L, "33%"), (terminate.Parameters.GetWhole("grace_period_seconds"), terminate.Parameters.GetText("min_healthy_replicas")));
        Assert.All(["ignore_daemonsets", "ignore_statefulsets", "ignore_standalone_pods"], name => Assert.True(terminate.Parameters.GetFlag(name), name));
        Assert.Empty(terminate.AdditionalContexts);
        Assert.Contains("Crypto miner", rules.Select(rule => rule.Name));
    }

    [Fact]
    public async Task Check_Strict_FailsAtTheSamePlaces()
    {
        var errors = Load(lenient: false).Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).ToList();

        Assert.Equal(
            Load(lenient: true).Diagnostics
                .Where(found => !found.Message.StartsWith("the rule is left out", StringComparison.Ordinal)

                    // No error of the strict reading either.
                    && !found.Message.StartsWith("the action can never run", StringComparison.Ordinal))
                .Select(Place),
            errors.Select(Place));
        Assert.Equal(1, await _cli.RunAsync("rules", "check", "-r", Files[0], Files[1]));
        Assert.Equal($"{errors.Count}", Count().Match(_cli.Error).Groups["count"].Value);

        static (string, int, int, string) Place(RuleDiagnostic found) => (found.File, found.Line, found.Column, found.Message);
    }

    private static RuleLoadResult Load(bool lenient) => RuleLoader.LoadFromDisk(Files, PluginCatalog.Default, new RuleLoadOptions { Lenient = lenient });

    [GeneratedRegex(@"^invalid rules: (?<count>\d+) errors$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Count();
}
