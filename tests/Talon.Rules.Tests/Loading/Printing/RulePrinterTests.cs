using CsCheck;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Tests.Matching;

namespace Talon.Rules.Tests.Loading.Printing;

public sealed class RulePrinterTests
{
    private static readonly string[] Odd =
        ["true", "null", "~", "1", "1.5", ".inf", "0x1f", "yes", "y", "<<", "- a", "a: b", "#", "'", "\"", "{}", "[]", "*a", "&a", "!x", "%", "@", "`", "|", ">", "? a", " a", "a ", "a\nb", "a\n", "\na", "a\n\n b\n", "\t", "ü", "\u2028", "😀", "\u0001", "\u0085", "2001-01-01", "12:30", "1_000"];

    [Fact]
    public void ToYaml_RandomConditions_MeanTheSameWhenReadAgain() =>
        RuleModels.Rule.Array[1, 5].Sample(
            rules =>
            {
                var result = Make.Load(string.Concat(rules.Select((rule, index) => rule.ToYaml($"N{index}"))));
                Assert.Equal(result.Rules!.Hash, Make.Rules(result.ToYaml()!).Hash);
            },
            iter: 500);

    [Fact]
    public void ToYaml_TwoFiles_IsTheMergedResult()
    {
        var result = Make.Load(
            """
            - action: Terminate
              actionner: kubernetes:terminate
              parameters: {grace_period_seconds: 5, ignore_daemonsets: true}
            - rule: Shell
              description: "a: #1"
              match:
                rules: [Terminal shell in container]
                priority: ">=Warning"
                output_fields: ['k8s.ns.name!=kube-system, proc.cmdline="a, b"']
              actions:
                - action: Terminate
                  timeout: 5400
            """,
            """
            - action: Terminate
              parameters: {grace_period_seconds: 2}
            - rule: Shell
              dry_run: true
              match: {rules: [Other rule], tags: ["a, b"]}
            """);

        Assert.Equal(
            """
            - rule: Shell
              description: "a: #1"
              match:
                rules:
                - Terminal shell in container
                - Other rule
                priority: ">=Warning"
                tags:
                - "a, b"
                output_fields:
                - "k8s.ns.name!=kube-system, proc.cmdline=\"a, b\""
              dry_run: true
              actions:
              - action: Terminate
                actionner: "kubernetes:terminate"
                parameters:
                  grace_period_seconds: 2
                  ignore_daemonsets: true
                timeout: 1h30m

            """,
            result.ToYaml());
        AssertSame(result);
    }

    [Fact]
    public void ToYaml_EveryKeyOfMatch_IsPrinted()
    {
        const string text =
            """
            - rule: R
              match:
                rules:
                - A
                hostname:
                - node-1
                source: syscall
                priority: "=Error"
                tags:
                - t
                output_fields:
                - "fd.rip cidr 10.0.0.0/8, proc.name in (a, \"b,c\")"
                not:
                  hostname:
                  - node-2
                  output_fields:
                  - k8s.ns.name exists
              actions:
              - action: X
                actionner: "kubernetes:terminate"

            """;
        Assert.Equal(text, Make.Load(text).ToYaml());
        AssertSame(Make.Load(text));
    }

    [Fact]
    public void ToYaml_EveryKeyOfAnAction_IsPrinted()
    {
        const string text =
            """
            - rule: R
              match:
                source: syscall
              continue: false
              dry_run: true
              notifiers:
              - slack
              actions:
              - action: X
                description: what it does
                actionner: "kubernetes:log"
                parameters:
                  tail_lines: 5
                continue: true
                ignore_errors: true
                output:
                  target: "aws:s3"
                  parameters:
                    bucket: b
                timeout: 1m30s
                max_age: 0
                retry_interrupted: true
              - action: Z
                actionner: "kubernetes:exec"
                parameters:
                  command: |-
                    id
                      uname
                additional_contexts:
                - aws

            """;
        Assert.Equal(text, Make.Load(text).ToYaml());
        AssertSame(Make.Load(text));
    }

    [Theory]
    [InlineData("priority: Error")]
    [InlineData("not: {tags: [a]}")]
    [InlineData("hostname: h")]
    [InlineData("tags: [a]")]
    public void ToYaml_OneKeyOfMatch_IsPrinted(string match) => AssertSame(Make.Load(Make.Rule(match)));

    [Fact]
    public void ToYaml_ActionsOfSeveralRules_AreBlocksWhereAllAreEqual()
    {
        var result = Make.Load(
            """
            - action: Same
              actionner: kubernetes:label
              parameters: {labels: {a: b}}
            - action: Changed
              actionner: kubernetes:label
              parameters: {labels: {a: b}}
            - action: Once
              actionner: kubernetes:exec
              parameters: {command: id}
            - rule: A
              actions: [{action: Same}, {action: Changed}, {action: Once}]
            - rule: B
              actions: [{action: Changed, parameters: {labels: {a: c}}}, {action: Same}]
            - rule: C
              actions: [{action: Changed}]
            """);
        Assert.Equal(
            """
            - action: Same
              actionner: "kubernetes:label"
              parameters:
                labels:
                  a: b
            - rule: A
              actions:
              - action: Same
              - action: Changed
                actionner: "kubernetes:label"
                parameters:
                  labels:
                    a: b
              - action: Once
                actionner: "kubernetes:exec"
                parameters:
                  command: id
            - rule: B
              actions:
              - action: Changed
                actionner: "kubernetes:label"
                parameters:
                  labels:
                    a: c
              - action: Same
            - rule: C
              actions:
              - action: Changed
                actionner: "kubernetes:label"
                parameters:
                  labels:
                    a: b

            """,
            result.ToYaml());
        AssertSame(result);
    }

    [Fact]
    public void ToYaml_LargeBlockOfManyRules_StaysWithinTheLimitsOfAFile()
    {
        string labels = string.Join(", ", Enumerable.Range(0, 500).Select(i => $"l{i}: v"));
        string rules = string.Concat(Enumerable.Range(0, 500).Select(i => $"- rule: R{i}\n  match: {{source: s{i}}}\n  actions: [{{action: L}}]\n"));
        var result = Make.Load($"- action: L\n  actionner: kubernetes:label\n  parameters: {{labels: {{{labels}}}}}\n{rules}");
        Assert.InRange(result.ToYaml()!.Length, 1, 100_000);
        AssertSame(result);
    }

    // Blocks, and actions of rules that change one thing of them or nothing, in any mixture.
    [Fact]
    public void ToYaml_SharedBlocks_LoadAsTheSameRuleSet()
    {
        string[] blocks =
        [
            "actionner: \"kubernetes:label\", parameters: {labels: {a: b, c: null}, level: pod}",
            "actionner: \"kubernetes:exec\", parameters: {command: id}, additional_contexts: [aws, k8snode], description: d",
            "actionner: \"kubernetes:log\", output: {target: \"aws:s3\", parameters: {bucket: b}}, timeout: 5s, max_age: 0",
            "actionner: \"kubernetes:networkpolicy\", parameters: {allow_cidr: [a, b]}, continue: true, ignore_errors: true, retry_interrupted: true",
        ];
        string[] changes =
        [
            "description: other", "continue: false", "continue: true", "ignore_errors: true", "ignore_errors: false", "timeout: 5s", "timeout: 6s", "max_age: 0", "max_age: 1m",
            "retry_interrupted: true", "parameters: {}", "parameters: {labels: {a: x}}", "parameters: {labels: {c: null}}", "parameters: {Command: ls}", "parameters: {allow_cidr: [c]}",
            "additional_contexts: [aws]", "output: {parameters: {prefix: p}}", "output: {target: \"local:file\", parameters: {destination: d}}", "output: {target: \"aws:s3\"}",
        ];
        int blocksSeen = 0;
        Gen.Select(Gen.Int[0, blocks.Length - 1], Gen.Int[-changes.Length, changes.Length - 1]).Array[1, 3].Array[1, 6].Sample(
            rules =>
            {
                string text = string.Concat(blocks.Select((block, index) => $"- {{action: b{index}, {block}}}\n"))
                    + string.Concat(rules.Select((actions, index) =>
                        $"- rule: R{index}\n  match: {{source: s{index}}}\n  actions: [{string.Join(", ", actions.Select(action => $"{{action: b{action.Item1}{(action.Item2 < 0 ? "" : $", {changes[action.Item2]}")}}}"))}]\n"));
                var result = Make.Load(text);
                if (result.Rules is not null)
                {
                    AssertSame(result);
                    Interlocked.Add(ref blocksSeen, result.ToYaml()!.StartsWith("- action: ", StringComparison.Ordinal) ? 1 : 0);
                }
            },
            iter: 1000);
        Assert.InRange(blocksSeen, 100, 1000);
    }

    [Fact]
    public void ToYaml_NoRules_IsAnEmptyList()
    {
        Assert.Equal("[]\n", Make.Load("").ToYaml());
        AssertSame(Make.Load(""));
    }

    [Fact]
    public void ToYaml_WithErrors_IsNull() => Assert.Null(Make.Load("- rule: R\n").ToYaml());

    [Fact]
    public void ToYaml_LenientlyRead_LoadsStrictly()
    {
        var result = Make.Load(
            lenient: true,
            """
            - rule: R
              unknown: 1
              match: {source: syscall}
              actions:
                - {action: A, actionner: "kubernetes:terminate", parameters: {grace: 1, ignore_daemonsets: true}, additional_contexts: [aws]}
                - {action: B, actionner: "kubernetes:levitate"}
            """);
        Assert.DoesNotContain("grace", result.ToYaml());
        Assert.DoesNotContain("aws", result.ToYaml());
        Assert.DoesNotContain("levitate", result.ToYaml());
        AssertSame(result);
    }

    public static TheoryData<string> GoldenFiles() =>
        [.. Directory.EnumerateFiles(Make.GoldenPath(), "*.rules.yaml", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Make.GoldenPath(), path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void ToYaml_GoldenFile_LoadsAsTheSameRuleSet(string file) => AssertSame(Make.Load(File.ReadAllText(Make.GoldenPath(file))));

    // Names, descriptions, values and keys of any shape: none may change its type or its text on the way.
    [Fact]
    public void ToYaml_AnyTexts_LoadAsTheSameRuleSet()
    {
        var genText = Gen.OneOf(
            Gen.Int[0, Odd.Length - 1].Select(index => Odd[index]),
            Gen.String[Gen.Char["ab :#-\"'\n{}[]&*!|>%@,?\\\t"], 1, 12]);
        Gen.Select(genText, genText, genText, Gen.Select(genText, genText).Array[1, 3]).Sample(
            (name, description, falcoRule, labels) =>
            {
                string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
                string entries = string.Join(", ", labels.DistinctBy(label => label.Item1).Select(label => $"{Quoted(label.Item1)}: {Quoted(label.Item2)}"));
                var result = Make.Load(
                    $"- rule: {Quoted(name)}\n  description: {Quoted(description)}\n  match: {{rules: [{Quoted(falcoRule)}]}}\n  actions:\n    - {{action: {Quoted(description)}, actionner: \"kubernetes:label\", parameters: {{labels: {{{entries}}}}}}}\n");
                if (result.Rules is not null)
                {
                    AssertSame(result);
                }
            },
            iter: 3000);
    }

    private static void AssertSame(RuleLoadResult result)
    {
        string printed = result.ToYaml()!;
        var again = Make.Load(printed);
        Assert.Empty(again.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString()));
        Assert.Equal(result.Rules!.Hash, again.Rules!.Hash);
        Assert.Equal(result.Rules.Rules.Select(rule => rule.Description), again.Rules.Rules.Select(rule => rule.Description));
        Assert.Equal(printed, again.ToYaml());
    }
}
