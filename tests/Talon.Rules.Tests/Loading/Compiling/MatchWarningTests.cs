using Talon.Rules.Loading.Compiling;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Matching;

namespace Talon.Rules.Tests.Loading.Compiling;

public sealed class MatchWarningTests
{
    private const string Never = "the rule can never match";

    [Theory]
    [InlineData("a=x, a=y", true)]
    [InlineData("a=x, b=y, a=z", true)]
    [InlineData("a=x, a!=x", true)]
    [InlineData("a=x, a!=y", false)]
    [InlineData("a!=x, a!=y", false)]
    [InlineData("a=x, a=x", false)]
    [InlineData("a=x, b=y", false)]
    [InlineData("a=x, a in (y, z)", true)]
    [InlineData("a=x, a in (x, z)", false)]
    [InlineData("a in (x, y), a in (y, z)", false)]
    [InlineData("a in (w, x), a in (y, z)", true)]
    [InlineData("a in (x, y), a!=x, a!=y", true)]
    [InlineData("a in (x, y), a!=x", false)]
    [InlineData("a=x, a startswith y", true)]
    [InlineData("a=xy, a startswith x", false)]
    [InlineData("a startswith xy, a startswith x", false)]
    [InlineData("a startswith x, a startswith y", true)]
    [InlineData("a startswith x, a!=x", false)]
    [InlineData("a exists, a=", true)]
    [InlineData("a exists, a=<NA>", true)]
    [InlineData("a exists, a!=x", false)]
    [InlineData("a exists, a startswith <", false)]
    [InlineData("a=1.2.3.4, a cidr 10.0.0.0/8", true)]
    [InlineData("a=10.2.3.4, a cidr 10.0.0.0/8", false)]
    [InlineData("a=::ffff:10.2.3.4, a cidr 10.0.0.0/8", false)]
    [InlineData("a!=10.2.3.4, a cidr 10.2.3.4/32", false)]
    [InlineData("a cidr 10.0.0.0/8, a cidr 10.1.0.0/16", false)]
    [InlineData("a cidr 10.0.0.0/8, a cidr 11.0.0.0/8", true)]
    [InlineData("a cidr 10.0.0.0/8, a cidr ::/0", true)]
    [InlineData("a startswith web, a cidr 10.0.0.0/8", true)]
    [InlineData("a startswith 10., a cidr 10.0.0.0/8", false)]
    [InlineData("a startswith ::ffff, a cidr 10.0.0.0/8", false)]
    public void Load_ConditionsOfALine_AreWarnedOfWhenTheyExcludeEachOther(string line, bool expected)
    {
        Assert.Equal(expected, Warnings(Make.Rule($"output_fields: ['{line}']")).Any(message => message.EndsWith(": " + Never, StringComparison.Ordinal)));
        // Another line that may hold: the rule may match.
        string[] beside = Warnings(Make.Rule($"output_fields: ['{line}', other=1]"));
        Assert.DoesNotContain(beside, message => message.Contains(Never, StringComparison.Ordinal));
        Assert.Equal(expected, beside.Any(message => message.EndsWith(": the line never holds", StringComparison.Ordinal)));
        Assert.Equal(expected, Warnings(Make.Rule($"source: s\nnot: {{output_fields: ['{line}']}}")).Any(message => message.EndsWith(": 'not' excludes nothing", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a!=x", "a!=y", true)]
    [InlineData("a=x", "a!=x", true)]
    [InlineData("a!=x", "a=x", true)]
    [InlineData("a!=x", "b=1', 'a!=y", true)]
    [InlineData("a=z", "a!=x', 'a!=y", true)]
    [InlineData("a!=x", "a!=x", false)]
    [InlineData("a=x", "a=y", false)]
    [InlineData("a=x", "a!=y", false)]
    [InlineData("a!=x", "b!=y", false)]
    [InlineData("a!=x", "a!=y, b=1", false)]
    public void Load_AlternativesThatEveryEventFulfils_AreWarnedOf(string first, string second, bool expected) => Assert.Equal(
        expected, Warnings(Make.Rule($"output_fields: ['{first}', '{second}']")).Any(message => message.StartsWith("every event fulfils ", StringComparison.Ordinal)));

    [Theory]
    [InlineData("k8s.ns.name!=kube-system and k8s.ns.name!=falco", "and")]
    [InlineData("a=b or c=d", "or")]
    [InlineData("a=b && not c exists", "&&")]
    [InlineData("a startswith b and c in (d)", "and")]
    [InlineData("a=b, c=d or e cidr 10.0.0.0/8", "or")]
    [InlineData("a=rock and roll", null)]
    [InlineData("a=\"b and c=d\"", null)]
    [InlineData("a=band c=d", null)]
    public void Load_WordsBetweenConditions_AreWarnedOf(string line, string? word) => Assert.Equal(
        word is null ? [] : [$"'{word}' joins no conditions here, it is part of the value before it"], Warnings(Make.Rule($"output_fields: ['{line}']")));

    [Theory]
    [InlineData("fd.name!==x", "write 'fd.name!=x' if one sign is meant")]
    [InlineData("fd.name==x", "write 'fd.name=x' if one sign is meant")]
    [InlineData("fd.name startswith =x", "write 'fd.name startswith x' if no sign is meant")]
    public void Load_DoubledSign_HintKeepsTheMeaning(string line, string hint) =>
        Assert.Equal(hint, Assert.Single(Make.Load(Make.Rule($"output_fields: ['{line}']")).Diagnostics).Hint);

    [Theory]
    [InlineData("!=Critical", "put priority: \"Critical\" under 'match.not' to exclude it")]
    [InlineData("not >=critical", "put priority: \">=Critical\" under 'match.not' to exclude it")]
    [InlineData("> =Critcal", "did you mean '>=Critical'?")]
    [InlineData("≥Critical", "did you mean '>=Critical'?")]
    [InlineData("≤ Error", "did you mean '<=Error'?")]
    [InlineData("=>Error", "did you mean '>=Error'?")]
    [InlineData("<Eror", "did you mean '<Error'?")]
    [InlineData("loud", "write one of Debug, Informational, Notice, Warning, Error, Critical, Alert, Emergency, with <, <=, =, >= or > before it where you mean a range")]
    [InlineData(">=", "write one of Debug, Informational, Notice, Warning, Error, Critical, Alert, Emergency, with <, <=, =, >= or > before it where you mean a range")]
    public void Load_NoPriority_HintKeepsTheMeaning(string priority, string hint) =>
        Assert.Equal(hint, Assert.Single(Make.Load(Make.Rule($"priority: '{priority}'")).Diagnostics).Hint);

    [Fact]
    public void Load_PartOfNotUnreadable_NothingIsSaidAboutTheRest() => Assert.DoesNotContain(
        Make.Load(Make.Rule("source: s\nnot: {output_fields: [null, 'a=b, a=c']}")).Diagnostics, found => found.Message.Contains("excludes nothing", StringComparison.Ordinal));

    [Fact]
    public void Load_LongConditionsInConflict_AreCut()
    {
        string values = string.Join(", ", Enumerable.Range(0, 1000));
        Assert.All(Warnings(Make.Rule($"output_fields: ['a in ({values}), a in (x)']")), message => Assert.InRange(message.Length, 1, 400));
    }

    [Fact]
    public void Load_ErrorInMatch_DoesNotClaimThatTheRuleMatchesEverything() => Assert.DoesNotContain(
        Make.Load("- rule: T\n  match: {rules: X}\n  actions: [{action: a, actionner: \"kubernetes:terminate\"}]\n").Diagnostics,
        found => found.Severity == DiagnosticSeverity.Warning);

    [Theory]
    [InlineData("rules: [A]\nnot: {rules: [A, B]}", true)]
    [InlineData("rules: [A, B]\nnot: {rules: [A]}", false)]
    [InlineData("rules: [A]\nnot: {rules: [A], source: s}", false)]
    [InlineData("rules: [A]\nsource: s\nnot: {rules: [A], source: s}", true)]
    [InlineData("priority: '>Error'\nnot: {priority: '>=Error'}", true)]
    [InlineData("not: {priority: '>=Debug'}", false)]
    [InlineData("hostname: h\nnot: {hostname: [g, h]}", true)]
    [InlineData("tags: ['a, b']\nnot: {tags: [c, b]}", true)]
    [InlineData("tags: [b]\nnot: {tags: ['a, b']}", false)]
    [InlineData("output_fields: ['a=x, b=y', 'a=z']\nnot: {output_fields: ['a in (x, z)']}", true)]
    [InlineData("output_fields: ['a=x, b=y', 'a=q']\nnot: {output_fields: ['a in (x, z)']}", false)]
    [InlineData("output_fields: ['a cidr 10.1.0.0/16']\nnot: {output_fields: ['a cidr 10.0.0.0/8']}", true)]
    [InlineData("output_fields: ['a cidr 10.0.0.0/8']\nnot: {output_fields: ['a exists, a!=x']}", true)]
    [InlineData("output_fields: ['a startswith <N']\nnot: {output_fields: [a exists]}", false)]
    [InlineData("output_fields: ['a startswith xy']\nnot: {output_fields: ['a startswith x, a exists, a!=y']}", true)]
    public void Load_NotCoversTheRest_IsWarnedOf(string match, bool expected) =>
        Assert.Equal(expected ? [$"'not' excludes every event that the other conditions let through: {Never}"] : [], Warnings(Make.Rule(match)));

    [Theory]
    [InlineData("syscalls", "syscall")]
    [InlineData("Syscall", "syscall")]
    [InlineData("k8saudit", "k8s_audit")]
    [InlineData("K8S_AUDIT", "k8s_audit")]
    [InlineData("syscall", null)]
    [InlineData("k8s_audit", null)]
    [InlineData("okta", null)]
    public void Load_SourceFalcoSpellsOtherwise_IsWarnedOf(string source, string? meant) => Assert.Equal(
        meant is null ? [] : [$"rules.yaml:3:13: warning: rule 'T': Falco sends no events with the source '{source}'; did you mean '{meant}'?"],
        Make.Load(Make.Rule($"source: {source}")).Diagnostics.Select(found => found.ToString()));

    [Theory]
    [InlineData("rules: [A, B]", "rules: [B]", true)]
    [InlineData("rules: [B]", "rules: [A, B]", false)]
    [InlineData("rules: [A]", "source: s", false)]
    [InlineData("source: s", "source: s\nrules: [A]", true)]
    [InlineData("source: s", "source: t", false)]
    [InlineData("hostname: [h, i]", "hostname: h", true)]
    [InlineData("priority: '>=Error'", "priority: Critical", true)]
    [InlineData("priority: '>=Error'", "priority: '>=Warning'", false)]
    [InlineData("priority: '>=Debug'", "source: s", false)]
    [InlineData("tags: [a, b]", "tags: ['b, c', 'a, d']", true)]
    [InlineData("tags: [a, b]", "tags: ['b, c', d]", false)]
    [InlineData("output_fields: [a=x, 'b exists']", "output_fields: ['a=x, c=1', 'b=2']", true)]
    [InlineData("output_fields: ['a=x, c=1']", "output_fields: [a=x]", false)]
    [InlineData("rules: [A]\nnot: {hostname: h}", "rules: [A]", false)]
    [InlineData("rules: [A]\nnot: {hostname: h}", "rules: [A]\nnot: {hostname: h}", true)]
    [InlineData("rules: [A]\nnot: {hostname: h}", "rules: [A]\nnot: {hostname: [h, i]}", true)]
    [InlineData("rules: [A]\nnot: {hostname: [h, i]}", "rules: [A]\nnot: {hostname: h}", false)]
    [InlineData("rules: [A]\nnot: {hostname: h, source: s}", "rules: [A]\nnot: {hostname: h}", true)]
    [InlineData("rules: [A]\nnot: {hostname: h}", "rules: [A]\nnot: {hostname: h, source: s}", false)]
    public void Load_RuleAfterOneThatTakesAllItsEvents_IsWarnedOf(string first, string second, bool expected)
    {
        string[] warnings = Warnings(Make.Rule(first, "F") + "  continue: false\n" + Make.Rule(second, "S"));
        Assert.Equal(expected ? ["the rule can never act: rule 'F' before it matches every event that this one matches and does not continue"] : [], warnings);
        Assert.Empty(Warnings(Make.Rule(first, "F") + Make.Rule(second, "S")));
    }

    [Fact]
    public void Load_EarlierRuleNotReadWhole_NobodyIsWarned()
    {
        var result = Make.Load(Make.Rule("priority: hihg", "F") + "  continue: false\n" + Make.Rule("source: s", "S") + Make.Rule("output_fields: [a=x, ~]\nnot: {output_fields: [a=x]}", "N"));
        Assert.All(result.Diagnostics, found => Assert.Equal(DiagnosticSeverity.Error, found.Severity));
    }

    [Theory]
    [InlineData("", "the rule matches every event, and kubernetes:terminate takes something away")]
    [InlineData("match: {not: {source: s}}", "the rule matches every event that 'not' does not exclude, and kubernetes:terminate takes something away")]
    [InlineData("match: {source: t, not: {source: s}}", null)]
    public void Load_DestructiveActionWithoutConditions_IsWarnedOf(string match, string? expected) => Assert.Equal(
        expected is null ? [] : [expected],
        Warnings($"- rule: T\n  {match}\n  actions: [{{action: a, actionner: \"kubernetes:terminate\"}}]\n"));

    [Fact]
    public void Conflict_StepsSpent_StaysUnknown()
    {
        var keys = new MatchKeys();
        var line = ConditionParser.Fields("a=x, b=1, c=2, d=3, a=y", keys, (message, _) => Assert.Fail(message));
        Assert.Equal("'a=x' and 'a=y' exclude each other", new ConditionLogic().Conflict(line));
        var spent = new ConditionLogic(steps: 2);
        Assert.Null(spent.Conflict(line));
        Assert.True(spent.IsSpent);
    }

    // Ends within the deadline of the test run only because the search is bounded.
    [Fact]
    public void Load_ManyLongRules_IsDone()
    {
        string values = string.Join(", ", Enumerable.Range(0, 3000).Select(i => $"v{i}"));
        string many = string.Join(", ", Enumerable.Range(0, 3000).Select(i => $"a!=w{i}"));
        string rules = string.Concat(Enumerable.Range(0, 60).Select(i => Make.Rule($"output_fields: ['a in ({values}), {many}']", $"R{i}") + "  continue: false\n"));
        Assert.NotNull(Make.Load(rules).Rules);
    }

    private static string[] Warnings(string text)
    {
        var result = Make.Load(text);
        Assert.NotNull(result.Rules);
        return [.. result.Diagnostics.Select(found => found.Message)];
    }
}
