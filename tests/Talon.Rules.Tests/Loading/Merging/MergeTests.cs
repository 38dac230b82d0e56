using Talon.Rules.Catalog;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Planning;

namespace Talon.Rules.Tests.Loading.Merging;

public sealed class MergeTests
{
    [Fact]
    public void Load_RepetitionInTheSecondFile_IsWarnedOfThere()
    {
        string rule = Make.Rule("source: s");
        var result = Make.Load(rule, rule + rule);
        var warning = Assert.Single(result.Diagnostics);
        Assert.Equal(("rules2.yaml", 6, "the file has another rule of that name at 1:9; both are merged"), (warning.File, warning.Line, warning.Message));
    }

    public static TheoryData<string, string> ActionKeys() => new()
    {
        { "description: early", "description: late" },
        { "continue: true", "continue: false" },
        { "ignore_errors: true", "ignore_errors: false" },
        { "timeout: 10s", "timeout: 20s" },
        { "max_age: 1m", "max_age: 2m" },
        { "retry_interrupted: false", "retry_interrupted: true" },
        { "parameters: {tail_lines: 1}", "parameters: {tail_lines: 2}" },
        { "output: {target: \"local:file\", parameters: {destination: /a}}", "output: {target: \"local:file\", parameters: {destination: /b}}" },
        { "output: {target: \"local:file\", parameters: {destination: /a}}", "output: {target: \"aws:s3\", parameters: {bucket: b}}" },
        { "additional_contexts: [aws]", "additional_contexts: [k8snode]" },
    };

    // What the later one says stands, what it does not say stays: between blocks, and between a block and an action of its name.
    [Theory]
    [MemberData(nameof(ActionKeys))]
    public void Load_EveryKeyOfAnAction_IsOverriddenWhenSaidAndStaysWhenNot(string early, string late)
    {
        string actionner = early.StartsWith("additional", StringComparison.Ordinal) ? "kubernetes:exec" : "kubernetes:log";
        string needed = actionner == "kubernetes:exec" ? "\n  parameters: {command: id}" : "";
        string Direct(string key) => $"- rule: T\n  match: {{source: s}}\n  actions:\n    - action: A\n      actionner: {actionner}{needed.Replace("\n", "\n    ", StringComparison.Ordinal)}\n{(key.Length > 0 ? $"      {key}\n" : "")}";
        string Block(string key, string first) => $"- action: A\n{first}{(key.Length > 0 ? $"  {key}\n" : "")}";
        string Rule(string key) => $"- rule: T\n  match: {{source: s}}\n  actions:\n    - action: A\n{(key.Length > 0 ? $"      {key}\n" : "")}";
        string first = $"  actionner: {actionner}{needed}\n";
        foreach (var (one, two) in new[] { ("", ""), (early, ""), ("", late), (early, late) })
        {
            // Contexts of blocks are lists that append; an action's own replace those of its block.
            bool appends = one.StartsWith("additional", StringComparison.Ordinal) && two.Length > 0;
            string expected = two.Length > 0 ? two : one;
            Assert.Equal(Printed(Direct(appends ? "additional_contexts: [aws, k8snode]" : expected)), Printed(Block(one, first) + Rule(""), Block(two, "")));
            Assert.Equal(Printed(Direct(expected)), Printed(Block(one, first) + Rule(two)));
        }
    }

    [Theory]
    [InlineData("description: early", "description: late")]
    [InlineData("continue: true", "continue: false")]
    [InlineData("dry_run: false", "dry_run: true")]
    [InlineData("match: {priority: Error}", "match: {priority: Alert}")]
    [InlineData("match: {source: a}", "match: {source: b}")]
    [InlineData("match: {rules: [a]}", "match: {rules: [b]}", "match: {rules: [a, b]}")]
    [InlineData("match: {hostname: a}", "match: {hostname: [b]}", "match: {hostname: [a, b]}")]
    [InlineData("match: {tags: [a]}", "match: {tags: [b]}", "match: {tags: [a, b]}")]
    [InlineData("match: {output_fields: [a=1]}", "match: {output_fields: [b=1]}", "match: {output_fields: [a=1, b=1]}")]
    [InlineData("match: {not: {source: a}}", "match: {not: {source: b}}")]
    [InlineData("match: {not: {source: a}}", "match: {not: {tags: [b]}}", "match: {not: {source: a, tags: [b]}}")]
    [InlineData("notifiers: [slack]", "notifiers: [loki]", "notifiers: [slack, loki]")]
    public void Load_EveryKeyOfARule_IsOverriddenWhenSaidAndStaysWhenNot(string early, string late, string? both = null)
    {
        const string actions = "  actions: [{action: a, actionner: \"kubernetes:label\", parameters: {labels: {x: y}}}]\n";
        string Rule(string key) => $"- rule: T\n{(key.Length > 0 ? $"  {key}\n" : "")}";
        foreach (var (one, two) in new[] { (early, ""), ("", late), (early, late) })
        {
            string expected = one.Length > 0 && two.Length > 0 ? both ?? two : one + two;
            Assert.Equal(Printed(Rule(expected) + actions), Printed(Rule(one) + actions, Rule(two)));
        }
    }

    [Fact]
    public void Load_ActionsOfAnOverride_AreAppended() => Assert.Equal(
        ["a", "b"],
        PlanOf(Make.Rule("source: s"), "- rule: T\n  actions: [{action: b, actionner: \"kubernetes:label\", parameters: {labels: {x: y}}}]\n").Actions.Select(action => action.Name));

    [Fact]
    public void Load_OverriddenBlock_MergesLikeTheShippedSample()
    {
        var action = ActionOf(
            """
            - action: Terminate Pod
              actionner: kubernetes:terminate
              parameters: {grace_period_seconds: 5, ignore_standalone_pods: true}
            - rule: T
              actions: [{action: Terminate Pod}]
            """,
            """
            - action: Terminate Pod
              parameters: {ignore_daemonsets: true, ignore_statefulsets: true, grace_period_seconds: 2}
            """);
        Assert.Equal(2, action.Parameters.GetWhole("grace_period_seconds"));
        Assert.Equal((true, true, true), (action.Parameters.GetFlag("ignore_daemonsets"), action.Parameters.GetFlag("ignore_statefulsets"), action.Parameters.GetFlag("ignore_standalone_pods")));
    }

    [Fact]
    public void Load_ListsAndMapsOfABlock_AppendAndMergeByKey()
    {
        const string rule = "- rule: T\n  actions: [{action: n}, {action: l}]\n";
        var plan = PlanOf(
            "- action: n\n  actionner: kubernetes:networkpolicy\n  parameters: {allow_cidr: [a]}\n"
            + "- action: l\n  actionner: kubernetes:label\n  parameters: {labels: {k: v, keep: me}}\n" + rule,
            "- action: n\n  parameters: {Allow_CIDR: [b], allow_namespaces: [q]}\n- action: l\n  parameters: {labels: {k: v2, k2: v}}\n");
        Assert.Equal(["a", "b"], plan.Actions[0].Parameters.GetTexts("allow_cidr").ToArray());
        // A list that only the override has stays a flat list.
        Assert.Equal(["q"], plan.Actions[0].Parameters.GetTexts("allow_namespaces").ToArray());
        Assert.Equal(["k=v2", "k2=v", "keep=me"], plan.Actions[1].Parameters.GetTextMap("labels").Select(label => $"{label.Key}={label.Value}"));
    }

    [Fact]
    public void Load_LocalParameters_WinOverTheBlock()
    {
        var plan = PlanOf("""
            - action: l
              actionner: kubernetes:label
              description: d
              parameters: {labels: {a: global, b: global}, level: pod}
            - action: n
              actionner: kubernetes:networkpolicy
              parameters: {allow_cidr: [1.1.1.1/32]}
            - rule: T
              actions:
                - action: l
                  parameters: {labels: {a: local, c: local}, level: node}
                - action: n
                  parameters: {allow_cidr: [2.2.2.2/32]}
            """);
        Assert.Equal(["a=local", "b=global", "c=local"], plan.Actions[0].Parameters.GetTextMap("labels").Select(label => $"{label.Key}={label.Value}"));
        Assert.Equal("node", plan.Actions[0].Parameters.GetText("level"));
        Assert.Equal(["1.1.1.1/32", "2.2.2.2/32"], plan.Actions[1].Parameters.GetTexts("allow_cidr").ToArray());
    }

    [Fact]
    public void Load_TwoRulesWithTheSameBlock_DoNotTouchEachOther()
    {
        var rules = Make.Rules("""
            - action: n
              actionner: kubernetes:networkpolicy
              parameters: {allow_cidr: [a]}
            - action: n
              parameters: {allow_cidr: [b, c]}
            - rule: R1
              actions: [{action: n, parameters: {allow_cidr: [x]}}]
            - rule: R2
              actions: [{action: n, parameters: {allow_cidr: [y]}}]
            """).Rules;
        Assert.Equal(["a", "b", "c", "x"], rules[0].Plan.Actions[0].Parameters.GetTexts("allow_cidr").ToArray());
        Assert.Equal(["a", "b", "c", "y"], rules[1].Plan.Actions[0].Parameters.GetTexts("allow_cidr").ToArray());
    }

    [Fact]
    public void Load_NullInAnOverride_ChangesNothing()
    {
        var action = ActionOf(
            "- action: t\n  actionner: kubernetes:terminate\n  parameters: {grace_period_seconds: 5, min_healthy_replicas: }\n- rule: T\n  actions: [{action: t}]\n",
            "- action: t\n  parameters: {grace_period_seconds: null, min_healthy_replicas: \"33%\"}\n");
        Assert.Equal(5, action.Parameters.GetWhole("grace_period_seconds"));
        Assert.Equal("33%", action.Parameters.GetText("min_healthy_replicas"));
    }

    // A name that one map gives twice, in two cases, is refused whether or not there is a map before it that it is merged over.
    [Theory]
    [InlineData("ignore_daemonsets: true", "Grace_Period_Seconds: 5, grace_period_seconds: 700")]
    [InlineData("grace_period_seconds: 1", "Grace_Period_Seconds: 5, grace_period_seconds: 700")]
    [InlineData("grace_period_seconds: 1", "grace_period_seconds: 700, Grace_Period_Seconds: 5")]
    [InlineData("grace_period_seconds: 1, Grace_Period_Seconds: 2", "GRACE_PERIOD_SECONDS: 700")]
    [InlineData("grace_period_seconds: 1, Grace_Period_Seconds: 2", "Grace_Period_Seconds: 700")]
    [InlineData("grace_period_seconds: 1, Grace_Period_Seconds: 2", "ignore_daemonsets: true")]
    public void Load_NameTwiceInOneMap_IsRefusedWithABlockToo(string block, string local)
    {
        var result = Make.Load(
            $"- action: t\n  actionner: kubernetes:terminate\n  parameters: {{{block}}}\n- rule: T\n  actions:\n    - action: t\n      parameters: {{{local}}}\n");
        Assert.Equal("parameter 'grace_period_seconds' is given twice", Assert.Single(result.Diagnostics, found => found.Severity == DiagnosticSeverity.Error).Message);
    }

    [Fact]
    public void Load_MapTwiceInOneMap_IsRefusedWithABlockToo()
    {
        var result = Make.Load(
            "- action: l\n  actionner: kubernetes:label\n  parameters: {level: pod}\n- rule: T\n  actions: [{action: l, parameters: {labels: {a: b}, LABELS: {c: d}}}]\n");
        Assert.Equal("parameter 'labels' is given twice", Assert.Single(result.Diagnostics, found => found.Severity == DiagnosticSeverity.Error).Message);
    }

    [Fact]
    public void Load_NameInOtherCaseWithoutAValue_ChangesNothing() =>
        Assert.Equal(
            700,
            ActionOf(
                "- action: t\n  actionner: kubernetes:terminate\n  parameters: {grace_period_seconds: 1}\n"
                + "- rule: T\n  actions: [{action: t, parameters: {grace_period_seconds: 700, Grace_Period_Seconds: }}]\n").Parameters.GetWhole("grace_period_seconds"));

    [Fact]
    public void Load_FaultInAMergedMapOfManyNames_IsLocated()
    {
        static string Names(string prefix) => string.Concat(Enumerable.Range(0, 20).Select(i => $"        {prefix}{i}: v\n"));
        var result = Make.Load(
            "- action: l\n  actionner: kubernetes:label\n  parameters:\n    labels: {x: y}\n" + Names("a").Replace("        ", "    ", StringComparison.Ordinal),
            "- rule: T\n  actions:\n    - action: l\n      parameters:\n" + Names("b"));
        Assert.Equal(
            [.. Enumerable.Range(5, 20).Select(line => ("rules1.yaml", line, 5)), .. Enumerable.Range(5, 20).Select(line => ("rules2.yaml", line, 9))],
            result.Diagnostics.Select(found => (found.File, found.Line, found.Column)));
    }

    [Fact]
    public void Load_ManyOverridesOfOneRule_AppendInOrder()
    {
        string[] tags = [.. Enumerable.Range(0, 101).Select(i => $"t{i}")];
        var rules = Make.Load([.. tags.Select((tag, i) => Make.Rule($"tags: [{tag}]\nsource: s{i}").Replace("action: a", $"action: a{i}", StringComparison.Ordinal))]).Merged;
        var rule = Assert.Single(rules);
        Assert.Equal(tags, rule.Match.Tags.Select(tag => tag.Value));
        Assert.Equal(tags.Select((_, i) => $"a{i}"), rule.Actions.Select(action => action.Name.Value));
        Assert.Equal("s100", rule.Match.Source!.Value.Value);
        Assert.Equal("rules1.yaml", rule.Name.Mark.File);
    }

    [Fact]
    public void Load_DifferentTypes_IsAnErrorInBothKindsOfMerge()
    {
        var result = Make.Load(
            "- action: t\n  actionner: kubernetes:terminate\n  parameters: {grace_period_seconds: 5}\n- rule: T\n  actions:\n    - action: t\n      parameters: {grace_period_seconds: [1]}\n",
            "- action: t\n  parameters: {grace_period_seconds: \"6\"}\n");
        Assert.Null(result.Rules);
        Assert.Contains("rules2.yaml:2:38: action 't': parameter 'grace_period_seconds' is a text here and a number at rules1.yaml:3:38; give it the same type in both places", Lines(result));
        Assert.Contains(Lines(result), line => line.StartsWith("rules1.yaml:7:42: rule 'T' action 't': parameter 'grace_period_seconds' is a list here and a text at rules2.yaml:2:38", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_OverriddenRule_KeepsWhatIsNotSaid()
    {
        const string first = """
            - rule: T
              description: one
              match: {priority: '>=Critical', source: k8s_audit, rules: [X]}
              dry_run: true
              notifiers: [slack]
              actions: [{action: a, actionner: "kubernetes:label", parameters: {labels: {x: y}}}]
            """;
        var kept = Make.Rules(first, "- rule: T\n  description: two\n");
        Assert.Equal("two", Assert.Single(kept.Rules).Description);
        Assert.True(kept.Match(Make.EventOf(rule: "X", priority: "Warning", source: "k8s_audit")).IsEmpty);
        Assert.True(kept.Match(Make.EventOf(rule: "X", priority: "Critical", source: "syscall")).IsEmpty);
        Assert.False(kept.Match(Make.EventOf(rule: "X", priority: "Critical", source: "k8s_audit")).IsEmpty);
        Assert.True(kept.Rules[0].DryRun);

        var changed = Make.Rules(
            first,
            "- rule: T\n  match: {priority: Warning, rules: [Y]}\n  dry_run: false\n  notifiers: [loki, slack]\n  actions: [{action: b, actionner: \"kubernetes:terminate\"}]\n");
        Assert.False(changed.Match(Make.EventOf(rule: "X", priority: "Warning", source: "k8s_audit")).IsEmpty);
        Assert.False(changed.Match(Make.EventOf(rule: "Y", priority: "Warning", source: "k8s_audit")).IsEmpty);
        Assert.Equal(["slack", "loki"], changed.Rules[0].Plan.Notifiers.ToArray());
        Assert.Equal(["a", "b"], changed.Rules[0].Plan.Actions.Select(action => action.Name));
        Assert.False(changed.Rules[0].DryRun);
    }

    [Fact]
    public void Load_OverriddenRule_KeepsItsPlace()
    {
        var rules = Make.Rules(Make.Rule("source: a", "A") + Make.Rule("source: b", "B"), "- rule: A\n  continue: false\n");
        Assert.Equal(["A", "B"], rules.Rules.Select(rule => rule.Name));
        Assert.False(rules.Rules[0].Continues);
    }

    [Fact]
    public void Load_OutputOfAnotherTarget_DropsTheParametersOfTheOld()
    {
        const string block = "- action: g\n  actionner: kubernetes:log\n  output: {target: \"aws:s3\", parameters: {bucket: b, nested: [x]}}\n";
        var same = Make.Load(block + "- rule: T\n  actions: [{action: g, output: {parameters: {bucket: 5}}}]\n");
        Assert.Contains(same.Diagnostics, found => found.Message == "parameter 'bucket' is a number here and a text at rules.yaml:3:51");
        var other = ActionOf(block + "- rule: T\n  actions: [{action: g, output: {target: \"local:file\", parameters: {destination: /x}}}]\n");
        Assert.Equal(new PlannedOutput("local:file", ParameterMap.Empty.With("destination", new ParameterValue.Text("/x"))), other.Output);
    }

    [Fact]
    public void Load_OutputWhoseTargetIsSaidLater_KeepsTheParameters()
    {
        var output = ActionOf(
            "- action: g\n  actionner: kubernetes:log\n  output: {parameters: {bucket: b, prefix: p}}\n"
            + "- rule: T\n  actions: [{action: g, output: {target: \"aws:s3\", parameters: {prefix: q}}}]\n").Output!;
        Assert.Equal(("aws:s3", "b", "q"), (output.Target, output.Parameters.GetText("bucket"), output.Parameters.GetText("prefix")));
    }

    [Fact]
    public void Load_OutputParameters_MergeAndReachThePlanUnderTheirNames()
    {
        const string block = "- action: g\n  actionner: kubernetes:log\n  output: {target: \"aws:s3\", parameters: {Bucket: b, prefix: p}}\n";
        var output = ActionOf(block + "- rule: T\n  actions: [{action: g, output: {parameters: {prefix: q, region: eu-west-3}}}]\n").Output!;
        Assert.Equal("aws:s3", output.Target);
        Assert.Equal(
            [("bucket", "b"), ("prefix", "q"), ("region", "eu-west-3")],
            output.Parameters.Names.Select(name => (name, output.Parameters.GetText(name)!)));
    }

    [Fact]
    public void Load_Notifiers_ReachThePlanOnceUnderTheirNames()
    {
        var plan = PlanOf("- rule: T\n  notifiers: [Loki, SLACK]\n  actions: [{action: t, actionner: \"kubernetes:terminate\"}]\n", "- rule: T\n  notifiers: [loki]\n");
        Assert.Equal(["loki", "slack"], plan.Notifiers.ToArray());
    }

    [Fact]
    public void Load_LocalContexts_ReplaceThoseOfTheBlockWhileOverridesAppend()
    {
        const string block = "- action: e\n  actionner: kubernetes:exec\n  parameters: {command: c}\n  additional_contexts: [aws]\n";
        Assert.Equal(["aws", "k8snode"], ActionOf(block + "- rule: T\n  actions: [{action: e}]\n", "- action: e\n  additional_contexts: [k8snode]\n").AdditionalContexts.ToArray());
        Assert.Equal(["k8snode"], ActionOf(block + "- rule: T\n  actions: [{action: e, additional_contexts: [k8snode]}]\n").AdditionalContexts.ToArray());
    }

    [Fact]
    public void Load_AnchorsAndSeveralDocuments_Work()
    {
        var rules = Make.Rules("""
            - rule: A
              match: &m {rules: [X], priority: Warning}
              actions: &acts
                - {action: a, actionner: "kubernetes:label", parameters: {labels: {x: y}}}
            ---
            - rule: B
              match: {<<: *n, source: s}
              actions: []
            """.Replace("*n", "{rules: [X]}", StringComparison.Ordinal).Replace("actions: []", "actions: [{action: b, actionner: \"kubernetes:terminate\"}]", StringComparison.Ordinal)
            + "\n- rule: C\n  match: &q {rules: [X]}\n  actions: &r [{action: c, actionner: \"kubernetes:terminate\"}]\n- rule: D\n  match: *q\n  actions: *r\n");
        Assert.Equal(["A", "C", "D"], rules.Match(Make.EventOf(rule: "X")).Names.ToArray());
        Assert.Equal(["A", "B", "C", "D"], rules.Match(Make.EventOf(rule: "X", source: "s")).Names.ToArray());
    }

    [Fact]
    public void Load_EveryKeyOfAnAction_ReachesThePlan()
    {
        var action = ActionOf("""
            - rule: T
              actions:
                - action: e
                  actionner: kubernetes:exec
                  description: d
                  ignore_errors: "true"
                  parameters: {Command: "id ${FD_NAME}"}
                  additional_contexts: [aws, aws]
                  timeout: 1m30s
                  max_age: 0
                  retry_interrupted: true
            """);
        Assert.Equal(ActionnerName.Parse("kubernetes:exec"), action.Actionner);
        Assert.True(action.IgnoreErrors);
        Assert.Equal("id ${FD_NAME}", action.Parameters.GetText("command"));
        Assert.Equal(["aws"], action.AdditionalContexts.ToArray());
        Assert.Equal(TimeSpan.FromSeconds(90), action.Timeout);
        Assert.Equal(TimeSpan.Zero, action.MaxAge);
        Assert.True(action.RetryInterrupted);
    }

    [Theory]
    [InlineData("7d", 604_800)]
    [InlineData("1d12h", 129_600)]
    public void Load_DurationInDays_IsRead(string maxAge, int seconds)
    {
        var action = ActionOf($"- rule: T\n  actions: [{{action: t, actionner: \"kubernetes:terminate\", max_age: {maxAge}}}]\n");
        Assert.Equal(TimeSpan.FromSeconds(seconds), action.MaxAge);
    }

    [Fact]
    public void Load_NothingSaid_HasTheDefaults()
    {
        var action = ActionOf("- rule: T\n  actions: [{action: t, actionner: \"kubernetes:terminate\"}]\n");
        Assert.Null(action.Timeout);
        Assert.Null(action.MaxAge);
        Assert.False(action.IgnoreErrors);
        Assert.False(action.RetryInterrupted);
        Assert.Null(action.Output);
        Assert.Empty(action.AdditionalContexts);
        Assert.Equal(ParameterMap.Empty, action.Parameters);
    }

    private static PlannedRule PlanOf(params string[] files) => Assert.Single(Make.Rules(files).Rules).Plan;

    private static PlannedAction ActionOf(params string[] files) => Assert.Single(PlanOf(files).Actions);

    private static IEnumerable<string> Lines(RuleLoadResult result) => result.Diagnostics.Select(found => found.ToString());

    private static string Printed(params string[] files)
    {
        var result = Make.Load(files);
        Assert.Empty(result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString()));
        return result.ToYaml()!;
    }
}
