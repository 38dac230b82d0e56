using Talon.Rules.Events;
using Talon.Rules.Loading.Diagnostics;

namespace Talon.Rules.Tests.Matching;

public sealed class NotAndHostnameTests
{
    [Theory]
    [InlineData("hostname: node-1", "node-1", true)]
    [InlineData("hostname: node-1", "Node-1", false)]
    [InlineData("hostname: node-1", "node-11", false)]
    [InlineData("hostname: node-1", "node\\u002d1", true)]
    [InlineData("hostname: node-1", "", false)]
    [InlineData("hostname: node-1", null, false)]
    [InlineData("hostname: [node-1, node-2]", "node-2", true)]
    [InlineData("hostname: [node-1, node-2]", "node-3", false)]
    [InlineData("hostname: [nöde]", "n\\u00f6de", true)]
    [InlineData("hostname: [nöde]", "nöde", true)]
    [InlineData("hostname: 12", "12", true)]
    [InlineData("not: {hostname: node-1}", "node-1", false)]
    [InlineData("not: {hostname: node-1}", null, true)]
    public void Hostname_LetterByLetter(string match, string? hostJson, bool expected) => Assert.Equal(
        expected,
        !Make.Rules(Make.Rule(match)).Match(Make.Event(hostJson is null ? "{\"rule\":\"R\"}" : $"{{\"hostname\":\"{hostJson}\"}}")).IsEmpty);

    [Theory]
    // What 'not' says; rule, priority, host, namespace of the event; whether the rule matches.
    [InlineData("rules: [R]", "R", "Error", "h", "n", false)]
    [InlineData("rules: [R]", "S", "Error", "h", "n", true)]
    [InlineData("rules: [R], hostname: h", "R", "Error", "h", "n", false)]
    [InlineData("rules: [R], hostname: h", "R", "Error", "i", "n", true)]
    [InlineData("rules: [R], hostname: h", "S", "Error", "h", "n", true)]
    [InlineData("priority: '<Error'", "R", "Warning", "h", "n", false)]
    [InlineData("priority: '<Error'", "R", "Error", "h", "n", true)]
    [InlineData("priority: '<Error'", "R", "unknown", "h", "n", true)]
    [InlineData("output_fields: ['ns=n, x!=1', 'ns=m']", "R", "Error", "h", "n", false)]
    [InlineData("output_fields: ['ns=n, x!=1', 'ns=m']", "R", "Error", "h", "m", false)]
    [InlineData("output_fields: ['ns=n, x!=1', 'ns=m']", "R", "Error", "h", "o", true)]
    [InlineData("tags: ['a, b']", "R", "Error", "h", "n", true)]
    [InlineData("tags: [a]", "R", "Error", "h", "n", false)]
    [InlineData("source: syscall", "R", "Error", "h", "n", false)]
    [InlineData("source: k8s_audit", "R", "Error", "h", "n", true)]
    public void Not_Block_ExcludesWhatItWouldMatch(string not, string rule, string priority, string host, string ns, bool expected)
    {
        var falcoEvent = Make.Event($$$"""{"rule":"{{{rule}}}","priority":"{{{priority}}}","hostname":"{{{host}}}","tags":["a"],"output_fields":{"ns":"{{{ns}}}"}}""");
        Assert.Equal(expected, !Make.Rules(Make.Rule($"not: {{{not}}}")).Match(falcoEvent).IsEmpty);
        Assert.NotEqual(expected, !Make.Rules(Make.Rule(not.Replace("], ", "]\n", StringComparison.Ordinal))).Match(falcoEvent).IsEmpty);
    }

    [Fact]
    public void Not_NamesInIt_DoNotIndexTheRule()
    {
        var rules = Make.Rules(Make.Rule("not: {rules: [R]}", "A") + Make.Rule("rules: [R, S]\nnot: {rules: [S]}", "B"));
        Assert.Equal(["B"], rules.Match(Make.EventOf(rule: "R")).Names.ToArray());
        Assert.Equal(["A"], rules.Match(Make.EventOf(rule: "S")).Names.ToArray());
        Assert.Equal(["A"], rules.Match(Make.EventOf(rule: "T")).Names.ToArray());
    }

    [Fact]
    public void Explain_HostnameAndNot_SayWhatTheEventHas()
    {
        var rules = Make.Rules(Make.Rule(
            "hostname: [h, i]\nnot:\n  rules: [R]\n  hostname: h\n  source: syscall\n  priority: '>=Warning'\n  tags: ['t, u']\n  output_fields: [a=c, 'a=b, d!=e']"));
        Assert.Equal("hostname: the event comes from host 'j\\n', not from 'h' or 'i'", Why(HostOf("j\\n")));
        Assert.Equal("all conditions hold", Why(HostOf("i")));
        Assert.Equal(
            "not: the event is excluded, as the Falco rule is 'R' and hostname is 'h' and source is 'syscall' and priority Error is >=Warning "
            + "and tags has 't, u' and output_fields has 'a=b, d!=e'",
            Why(HostOf("h")));

        string Why(FalcoEvent falcoEvent) => Assert.Single(rules.Explain(falcoEvent)).Reason;

        static FalcoEvent HostOf(string host) =>
            Make.Event($$$"""{"rule":"R","priority":"Error","hostname":"{{{host}}}","tags":["u","t"],"output_fields":{"a":"b"}}""");
    }

    [Fact]
    public void Load_Overrides_MergeHostnameAndNotKeyByKey()
    {
        const string first = "- rule: T\n  match: {hostname: a, not: {rules: [X], priority: Error, source: s, output_fields: [k=v]}}\n"
            + "  actions: [{action: l, actionner: \"kubernetes:label\", parameters: {labels: {x: y}}}]\n";
        string[] overrides =
        [
            "- rule: T\n  match: {hostname: [b], not: {rules: [Y], priority: Warning, hostname: h, tags: [t], output_fields: ['k in (w)']}}\n",
            "- rule: T\n  match: {hostname: c}\n",
        ];
        Assert.Equal(
            Make.Rules(Make.Rule(
                "hostname: [a, b, c]\nnot: {rules: [X, Y], priority: Warning, source: s, hostname: [h], tags: [t], output_fields: [k=v, 'k in (w)']}")
                .Replace("action: a", "action: l", StringComparison.Ordinal)).Hash,
            Make.Rules([first, .. overrides]).Hash);
        Assert.Equal(
            Make.Rules(Make.Rule("source: s\nnot: {rules: [X]}")).Hash,
            Make.Rules(Make.Rule("source: s"), "- rule: T\n  match: {not: {rules: [X]}}\n").Hash);
    }

    [Fact]
    public void Load_OnlyUnknownKeysInNot_IsAnErrorEvenLeniently()
    {
        string text = Make.Rule("source: s\nnot: {rule: [X]}");
        Assert.Null(Make.Load(lenient: true, text).Rules);
        Assert.Contains(Make.Load(lenient: true, text).Diagnostics, found => found is { Line: 4, Column: 10, Message: "'not' has no condition that could be read" });
        Assert.Equal(
            ["unknown key 'rule' in 'not'"],
            Make.Load(text).Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.Message).Take(1));
    }
}
