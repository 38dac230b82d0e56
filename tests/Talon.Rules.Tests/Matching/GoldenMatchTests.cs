using System.Text;
using System.Text.Json.Nodes;
using Talon.Rules.Events;
using Talon.Rules.Loading;

namespace Talon.Rules.Tests.Matching;

public sealed class GoldenMatchTests
{
    private static readonly FalcoEvent[] Events =
        [.. File.ReadAllLines(Make.GoldenPath("match", "events.jsonl")).Select(line => FalcoEventParser.Parse(Encoding.UTF8.GetBytes(line)).Event!)];

    public static TheoryData<string> Cases() => [.. Enumerable.Range(0, 30).Select(number => number.ToString("000"))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Match_GoldenRuleFile_MatchesTheSameRules(string number)
    {
        var result = RuleLoader.LoadFromDisk([Make.GoldenPath("match", $"{number}.rules.yaml")], TestCatalog.Instance);
        Assert.NotNull(result.Rules);
        string[] expected = File.ReadAllLines(Make.GoldenPath("match", $"{number}.expected.jsonl"));
        Assert.Equal(400, expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            string[] names = [.. JsonNode.Parse(expected[i])!["rules"]!.AsArray().Select(name => name!.GetValue<string>())];
            Assert.Equal(names, result.Rules.Match(Events[i]).Names);
            Assert.Equal(names, result.Rules.Explain(Events[i]).Where(explanation => explanation.Matches).Select(explanation => explanation.Rule));
        }
    }
}
