using System.Text;
using System.Text.Json.Nodes;
using Talon.Rules.Events;
using Talon.Rules.Loading;

namespace Talon.Rules.Tests.Matching;

/// <summary>
/// The operators, <c>hostname</c> and <c>not</c> over the sample events. What is expected was worked out by a program of its
/// own from their meaning, with another library for addresses; it was not recorded from this matcher.
/// </summary>
public sealed class GoldenOperatorTests
{
    private static readonly FalcoEvent[] Events =
        [.. ((string[])["falco.jsonl", "falcosidekick.jsonl"]).SelectMany(file => File.ReadLines(Make.GoldenPath("events", file)))
            .Select(line => FalcoEventParser.Parse(Encoding.UTF8.GetBytes(line)).Event!)];

    [Theory]
    [InlineData("in")]
    [InlineData("startswith")]
    [InlineData("exists")]
    [InlineData("cidr")]
    [InlineData("hostname")]
    [InlineData("not")]
    public void Match_GoldenRuleFile_MatchesTheExpectedRules(string name)
    {
        var result = RuleLoader.LoadFromDisk([Make.GoldenPath("operators", $"{name}.rules.yaml")], TestCatalog.Instance);
        Assert.Empty(result.Diagnostics);
        string[] expected = File.ReadAllLines(Make.GoldenPath("operators", $"{name}.expected.jsonl"));
        Assert.Equal(600, Events.Length);
        Assert.Equal(600, expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            string[] names = [.. JsonNode.Parse(expected[i])!["rules"]!.AsArray().Select(rule => rule!.GetValue<string>())];
            Assert.Equal(names, result.Rules!.Match(Events[i]).Names);
            Assert.Equal(names, result.Rules.Explain(Events[i]).Where(explanation => explanation.Matches).Select(explanation => explanation.Rule));
        }
    }
}
