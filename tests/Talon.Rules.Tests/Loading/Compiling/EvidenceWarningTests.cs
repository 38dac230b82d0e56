using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;

namespace Talon.Rules.Tests.Loading.Compiling;

public sealed class EvidenceWarningTests
{
    private const string Fetch = "{action: Fetch, actionner: \"kubernetes:download\", parameters: {file: /tmp/x}, output: {target: \"local:file\", parameters: {destination: /d}}";
    private const string Log = "{action: Log, actionner: \"kubernetes:log\"";
    private const string Exec = "{action: Exec, actionner: \"kubernetes:exec\", parameters: {command: id}";
    private const string Label = "{action: Label, actionner: \"kubernetes:label\", parameters: {labels: {a: b}}";
    private const string Terminate = "{action: Terminate, actionner: \"kubernetes:terminate\"";

    [Fact]
    public void Load_EvidenceBeforeTermination_IsAWarningWithItsPlaceAndWhatWouldBeRight()
    {
        var result = Make.Load(Rule(Fetch, Terminate));

        Assert.NotNull(result.Rules);
        Assert.Equal(
            "rules.yaml:4:16: warning: rule 'T' action 'Fetch': whoever controls the container can make kubernetes:download fail, and then action "
            + "'Terminate' (kubernetes:terminate) after it does not run; say 'ignore_errors: true' here",
            Assert.Single(result.Diagnostics).ToString());
    }

    [Theory]
    [InlineData("Fetch", Fetch, Label, Terminate)]
    [InlineData("Fetch Log Exec", Fetch, Log, Exec, Terminate)]
    [InlineData("Log", Fetch + ", ignore_errors: true", Log, Terminate)]
    [InlineData("Fetch", Fetch + ", ignore_errors: false", Terminate)]
    [InlineData("Fetch", Fetch, Terminate + ", continue: true", "{action: Again, actionner: \"kubernetes:terminate\"")]
    [InlineData("Fetch Log", Fetch, Terminate + ", continue: true", Log, "{action: Again, actionner: \"kubernetes:terminate\"")]
    [InlineData("", Fetch + ", ignore_errors: true", Terminate)]
    [InlineData("", Terminate + ", continue: true", Fetch)]
    [InlineData("", Fetch, Log)]
    [InlineData("", Fetch, Label)]
    [InlineData("", Label, Terminate)]
    public void Load_Order_IsWarnedOfOncePerActionThatCanBeMadeToFail(string warned, params string[] actions) =>
        Assert.Equal(warned, string.Join(' ', Warned(Make.Load(Rule(actions)))));

    [Fact]
    public void Load_TerminationThatNeverRuns_IsWarnedOfForThatAlone() =>
        Assert.EndsWith(
            "put this action before it", Assert.Single(Make.Load(Rule(Fetch + ", continue: false", Terminate)).Diagnostics).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Load_RuleWithAnError_IsNotWarnedOf() =>
        Assert.Equal(DiagnosticSeverity.Error, Assert.Single(Make.Load(Rule(Log, Terminate + ", parameters: {grace: 5}")).Diagnostics).Severity);

    [Fact]
    public void Load_TwoRules_AreLookedAtApart() =>
        Assert.Empty(Make.Load(Rule(Fetch) + Rule(Terminate).Replace("rule: T", "rule: U", StringComparison.Ordinal).Replace("source: s", "source: t", StringComparison.Ordinal)).Diagnostics);

    [Fact]
    public void Load_IgnoreErrorsInTheActionBlock_Counts()
    {
        const string text = "- action: Log\n  actionner: kubernetes:log\n  ignore_errors: true\n";

        Assert.Empty(Make.Load(text + Rule("{action: Log", Terminate)).Diagnostics);
        Assert.Equal(["Log"], Warned(Make.Load(text + Rule("{action: Log, ignore_errors: false", Terminate))));
    }

    private static IEnumerable<string?> Warned(RuleLoadResult result)
    {
        Assert.All(result.Diagnostics, found => Assert.Equal(DiagnosticSeverity.Warning, found.Severity));
        return result.Diagnostics.Where(found => found.Message.StartsWith("whoever controls the container", StringComparison.Ordinal)).Select(found => found.Action);
    }

    private static string Rule(params string[] actions) =>
        $"- rule: T\n  match: {{source: s}}\n  actions:\n{string.Concat(actions.Select(action => $"    - {action}}}\n"))}";
}
