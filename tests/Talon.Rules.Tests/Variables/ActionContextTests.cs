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
