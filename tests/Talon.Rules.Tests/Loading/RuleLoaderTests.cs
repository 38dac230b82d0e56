using System.Text;
using CsCheck;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Files;

namespace Talon.Rules.Tests.Loading;

public sealed class RuleLoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("talon-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_UnknownKeys_AreErrorsOrLenientlyWarnings()
    {
        const string text = """
            - rule: T
              colour: red
              match: {source: s}
              actions:
                - action: a
                  actionner: kubernetes:label
                  parameters: {labels: {x: y}, extra: 1}
                  additional_contexts: [aws]
                  color: red
            """;
        var strict = Make.Load(text);
        Assert.Null(strict.Rules);
        Assert.Equal(4, strict.Diagnostics.Count(found => found.Severity == DiagnosticSeverity.Error));
        var lenient = Make.Load(lenient: true, text);
        Assert.NotNull(lenient.Rules);
        Assert.Equal(strict.Diagnostics.Select(found => found.Message), lenient.Diagnostics.Select(found => found.Message));
        Assert.All(lenient.Diagnostics, found => Assert.Equal(DiagnosticSeverity.Warning, found.Severity));
        var action = lenient.Rules.Rules[0].Plan.Actions[0];
        Assert.Equal(["labels"], action.Parameters.Names);
        Assert.Empty(action.AdditionalContexts);
    }

    [Theory]
    [InlineData("- rule: T\n  match: {ruels: [X]}\n")]
    [InlineData("- rule: T\n  match: {source: s, hostnames: [h]}\n")]
    [InlineData("- rule: T\n  match: {source: s, not: {source: t, hots: h}}\n")]
    [InlineData("- rule: T\n  matches: {source: s}\n")]
    public void Load_UnknownKeysThatMightNarrowARule_LeaveItOutLeniently(string rule)
    {
        var lenient = Make.Load(lenient: true, rule + "  actions: [{action: a, actionner: \"kubernetes:terminate\"}]\n");
        Assert.Empty(lenient.Rules!.Rules);
        Assert.Contains(lenient.Diagnostics, found => found.Message == "the rule is left out: without its unknown keys it might match more than is meant");
        Assert.Equal("[]\n", lenient.ToYaml());
    }

    [Theory]
    [InlineData("{action: L, actionner: \"kubernetes:script\", parameters: {script: id}, continue: false}", "")]
    [InlineData("{action: L, actionner: \"aws:nothing\", continue: false}", "")]
    [InlineData("{action: L, actionner: \"kubernetes:script\", parameters: {script: id}}", "T")]
    public void Load_ActionLeftOutLeniently_HoldsBackWhatItWouldHaveHeldBack(string first, string expected)
    {
        var lenient = Make.Load(lenient: true, $"- rule: R\n  match: {{source: s}}\n  actions:\n    - {first}\n    - {{action: T, actionner: \"kubernetes:terminate\"}}\n");
        Assert.Equal(expected, string.Join(' ', lenient.Rules!.Rules.SelectMany(rule => rule.Plan.Actions).Select(action => action.Name)));
        Assert.Equal(expected.Length > 0, lenient.ToYaml()!.Contains("kubernetes:terminate", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("priority: Error", "did you mean 'priority' under 'match'?")]
    [InlineData("output_field: [a=b]", "did you mean 'output_fields' under 'match'?")]
    [InlineData("dryrun: true", "did you mean 'dry_run'?")]
    [InlineData("colour: red", "known: rule, description, match, actions, notifiers, continue, dry_run")]
    public void Load_UnknownKeyOfARule_HintTellsWhereItBelongs(string key, string hint)
    {
        var found = Make.Load($"- rule: T\n  {key}\n  match: {{source: s}}\n  actions: [{{action: a, actionner: \"kubernetes:terminate\"}}]\n").Diagnostics;
        Assert.Equal(hint, Assert.Single(found).Hint);
    }

    [Theory]
    [InlineData("match:")]
    [InlineData("match: {}")]
    [InlineData("match: ~")]
    public void Load_EmptyMatch_IsAnError(string match) => Assert.Equal(
        "'match' is empty", Assert.Single(Make.Load($"- rule: T\n  {match}\n  actions: [{{action: a, actionner: \"kubernetes:terminate\"}}]\n").Diagnostics).Message);

    [Fact]
    public void Load_SameFileTwice_IsReadOnce()
    {
        var file = new RuleFile("rules.yaml", Make.Rule("source: s"));
        var result = RuleLoader.Load([file, file with { Path = "./rules.yaml" }], TestCatalog.Instance);
        Assert.Single(Assert.Single(result.Rules!.Rules).Plan.Actions);
        Assert.Equal("./rules.yaml: warning: the file is given twice; it is read once; name each file once", Assert.Single(result.Diagnostics).ToString());
    }

    [Fact]
    public void Load_ActionsOfAnotherVersion_AreErrorsOrLenientlyLeftOut()
    {
        const string text = """
            - rule: Partly
              match: {source: s}
              actions:
                - {action: Call, actionner: "aws:lambda", parameters: {any: thing}}
                - {action: Fetch, actionner: "kubernetes:download", parameters: {file: /tmp/x}, output: {target: "azure:blob"}}
                - {action: Kill, actionner: "kubernetes:terminate"}
            - rule: Gone
              continue: false
              actions: [{action: Call, actionner: "gcp:function"}]
            - rule: Last
              match: {source: s}
              actions: [{action: Kill, actionner: "kubernetes:terminate"}]
            """;
        AssertLeftOut(
            text,
            (4, "unknown actionner 'aws:lambda'"),
            (5, "unknown output 'azure:blob'"),
            (7, "the rule is left out: this version can run none of its actions; rules after it now act on its events too, which it would have kept from them"),
            (9, "unknown actionner 'gcp:function'"));
    }

    [Fact]
    public void Load_ActionsNotBuiltYet_AreErrorsOrLenientlyLeftOut()
    {
        const string text = """
            - rule: Partly
              match: {source: s}
              actions:
                - {action: Run, actionner: "kubernetes:script", parameters: {script: id}}
                - {action: Fetch, actionner: "kubernetes:download", parameters: {file: /tmp/x}, output: {target: "minio:s3", parameters: {bucket: b}}}
                - {action: Kill, actionner: "kubernetes:terminate"}
            - rule: Gone
              continue: false
              actions: [{action: Run, actionner: "kubernetes:script", parameters: {script: id}, continue: false}]
            - rule: Last
              match: {source: s}
              notifiers: [smtp]
              actions: [{action: Kill, actionner: "kubernetes:terminate"}]
            """;
        AssertLeftOut(
            text,
            (4, "this version of Talon cannot run kubernetes:script yet"),
            (5, "this version of Talon cannot write to minio:s3 yet"),
            (7, "the rule is left out: this version can run none of its actions; rules after it now act on its events too, which it would have kept from them"),
            (9, "this version of Talon cannot run kubernetes:script yet"),
            (12, "this version of Talon cannot notify smtp yet"));
    }

    [Fact]
    public void Load_NotifierOrContextNotBuiltYet_IsAloneLeftOutLeniently()
    {
        const string text = """
            - rule: T
              match: {source: s}
              notifiers: [Smtp, loki]
              actions: [{action: e, actionner: "kubernetes:exec", parameters: {command: id}, additional_contexts: [k8spod, aws]}]
            """;
        Assert.Null(Make.Load(text).Rules);
        var lenient = Make.Load(lenient: true, text);
        Assert.All(lenient.Diagnostics, found => Assert.Equal(DiagnosticSeverity.Warning, found.Severity));
        Assert.Equal([(3, 15), (4, 104)], lenient.Diagnostics.Select(found => (found.Line, found.Column)));
        var plan = lenient.Rules!.Rules[0].Plan;
        Assert.Equal(["loki"], plan.Notifiers.ToArray());
        Assert.Equal(["aws"], Assert.Single(plan.Actions).AdditionalContexts.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_UnusedBlockThatIsNotBuilt_IsOneWarning(bool lenient)
    {
        var result = Make.Load(lenient, "- action: s\n  actionner: kubernetes:script\n  parameters: {script: id}\n" + Make.Rule("source: s"));
        Assert.NotNull(result.Rules);
        Assert.Equal(
            "rules.yaml:1:11: warning: action 's': no rule uses this action block, and this version of Talon cannot run kubernetes:script yet",
            Assert.Single(result.Diagnostics).ToString());
    }

    [Theory]
    [InlineData("scrpt: id", 4)]
    [InlineData("script: 5", 3)]
    public void Load_ActionNotBuiltYet_HasItsParametersCheckedAllTheSame(string parameter, int errors)
    {
        string text = $"- rule: T\n  match: {{source: s}}\n  actions:\n    - {{action: a, actionner: kubernetes:script, parameters: {{{parameter}}}, additional_contexts: [nowhere]}}\n";
        Assert.Equal(errors, Make.Load(text).Diagnostics.Count(found => found.Severity == DiagnosticSeverity.Error));
        Assert.Null(Make.Load(lenient: true, text).Rules);
    }

    [Theory]
    [InlineData("24h", true)]
    [InlineData("1d", true)]
    [InlineData("1d1ms", false)]
    [InlineData("86400", true)]
    [InlineData("24h1ms", false)]
    [InlineData("8760h", false)]
    public void Load_Timeout_IsAtMostADay(string timeout, bool accepted)
    {
        var result = Make.Load($"- rule: T\n  match: {{source: s}}\n  actions:\n    - {{action: a, actionner: \"kubernetes:log\", max_age: 8760h, timeout: {timeout}}}\n");
        Assert.Equal(accepted, result.Rules is not null);
    }

    [Fact]
    public void Load_TimeoutOverADay_SaysWhatWouldBeRight() => Assert.Equal(
        "rules.yaml:5:16: rule 'T' action 'a': 'timeout' must be at most 24h, not '25h'; write 24h or less",
        Assert.Single(Make.Load("- rule: T\n  actions:\n    - action: a\n      actionner: kubernetes:log\n      timeout: 25h\n").Diagnostics).ToString());

    [Theory]
    [InlineData("- rule: T\n  match: {priority: nope}\n  actions: [{action: a, actionner: \"kubernetes:terminate\"}]\n")]
    [InlineData("- rule: T\n  actions: [{action: a, actionner: nope}]\n")]
    [InlineData("- rule: T\n  actions: [{action: a, actionner: \"Kubernetes:terminate\"}]\n")]
    [InlineData("- rule: T\n  actions: [{action: a, actionner: \"kubernetes:log\", output: {target: nope}}]\n")]
    [InlineData("- rule: T\n  actions: [{action: a, actionner: \"kubernetes:terminate\", output: {target: \"aws:s3\"}}]\n")]
    [InlineData("- rule: T\n  actions: [{action: a, actionner: \"kubernetes:label\"}]\n")]
    [InlineData("- rule: T\n  notifiers: [slak]\n  actions: [{action: a, actionner: \"kubernetes:log\"}]\n")]
    [InlineData("- rule: T\n  actions: [{action: a, actionner: \"kubernetes:log\", output: {target: \"minio:s3\"}}]\n")]
    [InlineData("- rule: T\n  actions: [{action: a, actionner: \"kubernetes:tcpdump\"}]\n")]
    public void Load_RealErrors_StayErrorsLeniently(string text) => Assert.Null(Make.Load(lenient: true, text).Rules);

    [Fact]
    public void Load_EmptyFile_HasNoRules()
    {
        var result = Make.Load("# nothing\n");
        Assert.Empty(result.Rules!.Rules);
        Assert.Equal("rules.yaml: warning: there is no rule: nothing will ever be done; add a rule, '- rule: name'", Assert.Single(result.Diagnostics).ToString());
        Assert.Null(result.Rules.Plan(Make.EventOf()));
    }

    [Fact]
    public void Load_NoFile_IsAnError() => Assert.Equal("rules: no rule file is given; name at least one", Assert.Single(Make.Load([]).Diagnostics).ToString());

    [Fact]
    public void Load_SeveralBrokenFiles_ReportsAllInTheirOrder()
    {
        var result = Make.Load("- rule: A\n", "a: [", Make.Rule("priority: nope", "C") + "- 5\n");
        Assert.Null(result.Rules);
        Assert.Equal(["rules1.yaml", "rules2.yaml", "rules3.yaml", "rules3.yaml"], result.Diagnostics.Select(found => found.File));
        Assert.Equal([3, 6], result.Diagnostics.Skip(2).Select(found => found.Line));
    }

    [Fact]
    public void Load_BrokenThenMerged_ReportsOneFindingOnce()
    {
        var result = Make.Load("""
            - action: a
              actionner: kubernetes:label
              parameters: {label: {x: y}, labels: {x: y}}
            - rule: R1
              actions: [{action: a}]
            - rule: R2
              actions: [{action: a}]
            """);
        Assert.Equal("rules.yaml:3:16: rule 'R1' action 'a': unknown parameter 'label' of kubernetes:label; did you mean 'labels'?", Assert.Single(result.Diagnostics).ToString());
    }

    [Fact]
    public void Load_BlockOfAnotherActionner_IsWarnedOf()
    {
        var result = Make.Load("- action: a\n  actionner: kubernetes:terminate\n- rule: T\n  match: {source: s}\n  actions: [{action: a, actionner: \"kubernetes:log\"}]\n");
        Assert.NotNull(result.Rules);
        Assert.Contains("the actionner differs from 'kubernetes:terminate'", Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NeitherActionNorBlockNamesAnActionner_IsAnError() => Assert.Contains(
        Make.Load("- action: a\n  description: d\n- rule: T\n  actions: [{action: a}]\n").Diagnostics,
        found => found is { Severity: DiagnosticSeverity.Error, Line: 4, Message: "neither the action nor its action block names an actionner" });

    [Fact]
    public void Load_ScalarsWhereTextIsDue_AreTakenAsWritten()
    {
        var rules = Make.Rules("- rule: 12\n  match: {rules: [0x10, true]}\n  actions: [{action: 1.50, actionner: \"kubernetes:terminate\"}]\n");
        Assert.Equal("12", rules.Rules[0].Name);
        Assert.Equal("1.50", rules.Rules[0].Plan.Actions[0].Name);
        Assert.False(rules.Match(Make.EventOf(rule: "0x10")).IsEmpty);
        Assert.False(rules.Match(Make.EventOf(rule: "true")).IsEmpty);
    }

    [Fact]
    public void Load_HostileNames_StayOnOneLine()
    {
        var result = Make.Load("- rule: \"a\\nb\\e[31m\"\n  actions: [{action: \"x\\r\\ny\", actionner: \"no\\npe\"}]\n");
        Assert.DoesNotContain(result.Diagnostics.Select(found => found.ToString()), line => line.Any(char.IsControl));
    }

    [Fact]
    public void LoadFromDisk_ReadableFile_IsLoadedWithOrWithoutByteOrderMark()
    {
        string path = Path.Combine(_folder, "r.yaml");
        File.WriteAllText(path, Make.Rule("source: s"), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        var result = RuleLoader.LoadFromDisk([path], TestCatalog.Instance);
        Assert.Empty(result.Diagnostics);
        Assert.Single(result.Rules!.Rules);
    }

    [Fact]
    public void LoadFromDisk_UnreadableFiles_AreErrorsThatNameThem()
    {
        string missing = Path.Combine(_folder, "missing.yaml");
        string binary = Path.Combine(_folder, "binary.yaml");
        File.WriteAllBytes(binary, [0xff, 0xfe, 0x00]);
        string large = Path.Combine(_folder, "large.yaml");
        File.WriteAllText(large, new string('#', 101));
        var result = RuleLoader.LoadFromDisk([missing, _folder, binary, large], TestCatalog.Instance, new RuleLoadOptions { MaxFileBytes = 100 });
        Assert.Null(result.Rules);
        Assert.Equal([missing, _folder, binary, large], result.Diagnostics.Select(found => found.File));
        Assert.Equal($"{missing}: the file does not exist; check the path", result.Diagnostics[0].ToString());
        Assert.Equal($"{binary}: the file is not UTF-8 text; save it as UTF-8", result.Diagnostics[2].ToString());
        Assert.Equal($"{large}: the file is larger than 100 bytes; split it into several files", result.Diagnostics[3].ToString());
    }

    [Fact]
    public void Load_MutatedRuleFiles_NeverThrows()
    {
        string[] samples = [.. Directory.GetFiles(Make.GoldenPath("broken"), "*.yaml").Concat(Directory.GetFiles(Make.GoldenPath("match"), "*.rules.yaml").Take(3)).Select(File.ReadAllText)];
        string[] scraps = ["\t", "null", "*label", "&x ", "- ", "  ", "[", "}", "\"", "!!str ", "<<: ", "true", "\n---\n", "? ", "'", "|", "=", "%"];
        Gen.Select(Gen.Int[0, samples.Length - 1], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 100_000], Gen.Int[0, scraps.Length - 1]).Array[1, 5]).Sample(
            (sample, edits) =>
            {
                string text = samples[sample];
                foreach (var (kind, place, scrap) in edits)
                {
                    int at = place % (text.Length + 1);
                    text = kind == 0 && at < text.Length
                        ? text.Remove(at, Math.Min(scrap, text.Length - at))
                        : text.Insert(at, scraps[scrap]);
                }

                var result = Make.Load(text);
                Assert.Equal(result.Rules is null, result.Diagnostics.Any(found => found.Severity == DiagnosticSeverity.Error));
            },
            iter: 5000);
    }

    // Strictly each place but that of the rule left out is an error; leniently the rules Partly and Last stay, each with Kill alone.
    private static void AssertLeftOut(string text, params (int Line, string Message)[] lenientWarnings)
    {
        var strict = Make.Load(text);
        Assert.Null(strict.Rules);
        Assert.Equal(
            lenientWarnings.Where(warning => !warning.Message.StartsWith("the rule is left out", StringComparison.Ordinal)),
            strict.Diagnostics.Select(found => (found.Line, found.Message)));
        Assert.All(strict.Diagnostics, found => Assert.Equal(DiagnosticSeverity.Error, found.Severity));
        var lenient = Make.Load(lenient: true, text);
        Assert.Equal(lenientWarnings, lenient.Diagnostics.Select(found => (found.Line, found.Message)));
        Assert.All(lenient.Diagnostics, found => Assert.Equal(DiagnosticSeverity.Warning, found.Severity));
        Assert.Equal(["Partly", "Last"], lenient.Rules!.Rules.Select(rule => rule.Name));
        Assert.All(lenient.Rules.Rules, rule => Assert.Equal(("Kill", 0), (Assert.Single(rule.Plan.Actions).Name, rule.Plan.Actions[0].Position)));
    }
}
