using CsCheck;

namespace Talon.Rules.Tests.Matching;

/// <summary>Holds the matcher against the plain one of <see cref="RuleModels"/>.</summary>
public sealed class MatcherPropertyTests
{
    [Fact]
    public void Match_RandomRulesAndEvents_EqualsTheReference() => Check(RuleModels.Rule);

    [Fact]
    public void Match_RandomRulesOfFewKeys_EqualsTheReference() => Check(RuleModels.Terse);

    private static void Check(Gen<RuleModels.RuleModel> gen) =>
        Gen.Select(gen.Array[1, 8], RuleModels.Event.Array[1, 10]).Sample(
            (rules, events) =>
            {
                var set = Make.Rules(string.Concat(rules.Select((rule, index) => rule.ToYaml($"N{index}"))));
                foreach (var one in events)
                {
                    string[] expected = [.. rules.Select((rule, index) => (rule, index)).Where(pair => pair.rule.Matches(one)).Select(pair => $"N{pair.index}")];
                    var falcoEvent = Make.Event(one.ToJson());
                    Assert.Equal(expected, set.Match(falcoEvent).Names.ToArray());
                    Assert.Equal(expected, set.Explain(falcoEvent).Where(explanation => explanation.Matches).Select(explanation => explanation.Rule).ToArray());
                }
            },
            iter: 2000);
}
