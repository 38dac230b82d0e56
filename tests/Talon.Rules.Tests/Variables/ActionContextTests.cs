using Talon.Rules.Catalog;
using Talon.Rules.Planning;
using Talon.Rules.Variables;

namespace Talon.Rules.Tests.Variables;

public sealed class ActionContextTests
{
    [Fact]
    public void Of_WhatTheRuleSays_IsUnderTheKeysOfTheOriginal() => AssertContext(
        """
        - rule: Everything said
          continue: false
          dry_run: true
          match: {source: syscall}
          actions:
            - action: Label
              actionner: kubernetes:label
              continue: true
              ignore_errors: true
              parameters: {labels: {b: "2", a: null}, level: node}
        """,
        ("falco-talon.action", "Label"),
        ("falco-talon.action.continue", "true"),
        ("falco-talon.action.ignore_errors", "true"),
        ("falco-talon.action.parameters", """{"labels":{"a":null,"b":"2"},"level":"node"}"""),
        ("falco-talon.actionner", "kubernetes:label"),
        ("falco-talon.rule", "Everything said"),
        ("falco-talon.rule.continue", "false"),
        ("falco-talon.rule.dry_run", "true"));

    [Fact]
    public void Of_EveryKindOfParameter_IsPlainJson()
    {
        var action = new PlannedAction
        {
            Position = 0,
            Name = "A",
            Actionner = ActionnerName.Parse("kubernetes:exec"),
            IgnoreErrors = false,
            Parameters = ParameterMap.Empty
                .With("list", new ParameterValue.List([new ParameterValue.Text("a\"b"), new ParameterValue.Whole(-3), new ParameterValue.Flag(false)]))
                .With("real", new ParameterValue.Real("1.50"))
                .With("real2", new ParameterValue.Real("+1.5"))
                .With("real3", new ParameterValue.Real(".inf"))
                .With("real4", new ParameterValue.Real("1.5 "))
                .With("whole", new ParameterValue.Whole(7)),
        };
        var context = ActionContext.Of(new PlannedRule("R", DryRun: false, [], [action]), action);
        Assert.Equal("""{"list":["a\"b",-3,false],"real":1.50,"real2":"+1.5","real3":".inf","real4":"1.5 ","whole":7}""", context["falco-talon.action.parameters"]);
    }

    [Fact]
    public void Of_WhatTheRuleDoesNotSay_IsAbsent() => AssertContext(
        """
        - rule: Little said
          match: {source: syscall}
          actions:
            - {action: Kill, actionner: "kubernetes:terminate"}
        """,
        ("falco-talon.action", "Kill"),
        ("falco-talon.action.parameters", "null"),
        ("falco-talon.actionner", "kubernetes:terminate"),
        ("falco-talon.rule", "Little said"));

    private static void AssertContext(string file, params (string Key, string Value)[] expected)
    {
        var plan = Make.Rules(file).Rules[0].Plan;
        Assert.Equal(expected, ActionContext.Of(plan, plan.Actions[0]).Select(pair => (pair.Key, pair.Value)));
    }
}
