using Talon.Rules.Events;

namespace Talon.Rules.Tests.Matching;

/// <summary>Which volatile fields count for an event, because a matching rule names them.</summary>
public sealed class NamedFieldsTests
{
    [Theory]
    [InlineData("output_fields: [proc.vpid=1]", "proc.vpid")]
    [InlineData("output_fields: ['fd.name!=x, thread.tid exists', 'evt.cpu in (1, 2)']", "evt.cpu thread.tid")]
    [InlineData("not: {output_fields: ['proc.apid[1]=1']}", "proc.apid[*]")]
    [InlineData("output_fields: ['evt.time.iso8601 startswith 2']", "evt.time.*")]
    [InlineData("output_fields: [k8s.pod.name!=x]", "")]
    [InlineData("tags: [a]", "")]
    public void Named_InConditions_Counts(string match, string expected)
    {
        var rules = Make.Rules(Make.Rule("rules: [R]\n" + match));
        var falcoEvent = Make.EventOf(tags: ["a"], fields: [("proc.vpid", "1"), ("thread.tid", "7"), ("evt.cpu", "1"), ("evt.time.iso8601", "\"2026\""), ("fd.name", "\"y\"")]);
        Assert.Equal(expected, NamesOf(rules.Match(falcoEvent).Named));
    }

    [Theory]
    [InlineData("parameters: {labels: {pid: '${PROC_VPID}'}}", "proc.vpid")]
    [InlineData("parameters: {labels: {'$THREAD_TID': a, b: $EVT_NUM}}", "evt.num thread.tid")]
    [InlineData("parameters: {labels: {x: PROC_VPID}}", "")]
    public void Named_InParameters_Counts(string parameters, string expected)
    {
        var rules = Make.Rules($"- rule: T\n  match: {{rules: [R]}}\n  actions:\n    - {{action: a, actionner: 'kubernetes:label', {parameters}}}\n");
        Assert.Equal(expected, NamesOf(rules.Match(Make.EventOf()).Named));
    }

    [Fact]
    public void Named_SeveralRules_AreJoinedAndThoseThatDoNotMatchAreNot()
    {
        var rules = Make.Rules(
            Make.Rule("rules: [R]\noutput_fields: [proc.vpid=1]", "A") + Make.Rule("rules: [R]\noutput_fields: [thread.tid=7]", "B") + Make.Rule("rules: [R]\noutput_fields: [evt.cpu=9]", "C"));
        Assert.Equal("proc.vpid thread.tid", NamesOf(rules.Match(Make.EventOf(fields: [("proc.vpid", "1"), ("thread.tid", "7")])).Named));
        Assert.Equal("", NamesOf(rules.Match(Make.EventOf(fields: [("evt.cpu", "1")])).Named));
        Assert.True(rules.Match(Make.EventOf(rule: "other")).Named.IsEmpty);
    }

    [Fact]
    public void Named_RuleBehindOneThatDoesNotContinue_CountsToo()
    {
        var rules = Make.Rules(
            Make.Rule("rules: [R]", "A").Replace("- rule: A", "- rule: A\n  continue: false", StringComparison.Ordinal) + Make.Rule("rules: [R]\noutput_fields: [thread.tid=7]", "B"));
        Assert.Equal("thread.tid", NamesOf(rules.Match(Make.EventOf(fields: [("thread.tid", "7")])).Named));
    }

    [Fact]
    public void Compute_NumberOfAProcessThatARuleNames_MakesTwoAlerts()
    {
        var rules = Make.Rules(Make.Rule("rules: [R]\noutput_fields: [proc.vpid exists]"));
        int repetition = 0;
        Assert.NotEqual(Id("7"), Id("8"));
        Assert.Equal(Id("7"), Id("7"));

        EventId Id(string pid)
        {
            repetition++;
            var falcoEvent = Make.EventOf(fields: [("proc.vpid", pid), ("proc.pid", $"{repetition}")]);
            return EventId.Compute(falcoEvent, rules.Match(falcoEvent).Named);
        }
    }

    private static string NamesOf(VolatileSet named) => string.Join(' ', VolatileFields.All.Where((_, index) => named.Contains(index)));
}
