using Talon.Rules.Loading.Diagnostics;

namespace Talon.Rules.Tests.Loading.Files;

/// <summary>What files that were written for the original hold: blocks to be filled in, further documents, values beyond all bounds.</summary>
public sealed class MovedFileTests
{
    [Theory]
    [InlineData("actionner: kubernetes:label", "parameter 'labels' is missing")]
    [InlineData("actionner: kubernetes:label\n  parameters: {labels: }", "parameter 'labels' is missing")]
    [InlineData("actionner: kubernetes:exec\n  additional_contexts: [aws]", "parameter 'command' is missing")]
    [InlineData("actionner: kubernetes:download\n  parameters: {file: /x}", "kubernetes:download needs an output")]
    [InlineData("actionner: kubernetes:download\n  parameters: {file: /x}\n  output: {parameters: {destination: /x}}", "the output has no target")]
    [InlineData("actionner: kubernetes:log\n  output: {target: local:file}", "the output local:file has no parameters")]
    [InlineData("actionner: kubernetes:log\n  output: {target: aws:s3, parameters: {prefix: x}}", "output aws:s3: parameter 'bucket' is missing")]
    [InlineData("actionner: kubernetes:script", "parameter 'script' is missing")]
    public void Load_BlockThatLacksSomething_IsAWarningUntilARuleUsesIt(string block, string lack)
    {
        string text = $"- action: b\n  {block}\n";
        foreach (bool lenient in (bool[])[false, true])
        {
            var unused = Make.Load(lenient, text + Make.Rule("source: s"));
            Assert.NotNull(unused.Rules);
            Assert.All(unused.Diagnostics, found => Assert.Equal(DiagnosticSeverity.Warning, found.Severity));
            Assert.Contains(unused.Diagnostics, found => found.Message.StartsWith(lack, StringComparison.Ordinal) && found.Action == "b");
            Assert.Contains(unused.Diagnostics, found => found.Message.StartsWith("no rule uses this action block", StringComparison.Ordinal));

            var used = Make.Load(lenient, text + "- rule: T\n  match: {source: s}\n  actions: [{action: b}]\n");
            Assert.Null(used.Rules);
            Assert.Contains(used.Diagnostics, found => found.Severity == DiagnosticSeverity.Error && found.Message.StartsWith(lack, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Load_BlockThatARuleFillsIn_HasNothingToSay()
    {
        const string Block = "- action: b\n  actionner: kubernetes:exec\n";
        Assert.Empty(Make.Load(Block + "- rule: T\n  match: {source: s}\n  actions: [{action: b, parameters: {command: id}}]\n").Diagnostics);
    }

    [Theory]
    [InlineData("actionner: kubernetes:label\n  parameters: {labels: x}")]
    [InlineData("actionner: kubernetes:terminate\n  parameters: {grace_period_seconds: -1}")]
    [InlineData("actionner: kubernetes:terminate\n  output: {target: local:file}")]
    [InlineData("actionner: nonsense")]
    [InlineData("actionner: kubernetes:log\n  output: {target: nonsense}")]
    [InlineData("actionner: kubernetes:log\n  timeout: 25h")]
    public void Load_UnusedBlockWithAWrongValue_IsAnError(string block)
    {
        Assert.Null(Make.Load($"- action: b\n  {block}\n" + Make.Rule("source: s")).Rules);
        Assert.Null(Make.Load(lenient: true, $"- action: b\n  {block}\n" + Make.Rule("source: s")).Rules);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_SecondDocument_IsReadAndToldOnce(bool lenient)
    {
        var result = Make.Load(lenient, $"---\n{Make.Rule("source: s", "A")}---\n{Make.Rule("source: s", "B")}---\n{Make.Rule("source: s", "C")}---\n# nothing\n");
        Assert.Equal(["A", "B", "C"], result.Rules!.Rules.Select(rule => rule.Name));
        Assert.Equal(
            "rules.yaml:8:1: warning: a second document begins here; the original read the first only, Talon reads all of them; "
            + "remove it if it is not meant, or the '---' before it if it is",
            Assert.Single(result.Diagnostics).ToString());
    }

    [Theory]
    [InlineData("timeout: 99999999999", "'timeout' must be at most 24h, not '99999999999'; write 24h or less")]
    [InlineData("timeout: 99999999999999999999999", "'timeout' must be at most 24h, not '99999999999999999999999'; write 24h or less")]
    [InlineData("timeout: 8761h", "'timeout' must be at most 24h, not '8761h'; write 24h or less")]
    [InlineData("timeout: -5s", "'timeout' must be longer than zero; remove the key for the default")]
    [InlineData("timeout: 0", "'timeout' must be longer than zero; remove the key for the default")]
    [InlineData("max_age: 99999999999", "'max_age' must be at most 365d, not '99999999999'; write 365d or less")]
    [InlineData("max_age: 8760h1ms", "'max_age' must be at most 365d, not '8760h1ms'; write 365d or less")]
    [InlineData("max_age: -1", "'max_age' must be from 0 to 365d, not '-1'")]
    [InlineData("max_age: -1x", "'max_age' must be a duration, not '-1x'; write whole seconds (90) or numbers with units d, h, m, s, ms (7d, 1h30m, 500ms)")]
    public void Load_DurationOutsideItsBounds_TellsThem(string key, string expected) => Assert.Equal(
        $"rules.yaml:5:{key.IndexOf(' ', StringComparison.Ordinal) + 8}: rule 'T' action 'a': {expected}",
        Assert.Single(Make.Load($"- rule: T\n  actions:\n    - action: a\n      actionner: kubernetes:log\n      {key}\n").Diagnostics).ToString());
}
