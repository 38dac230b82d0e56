using CsCheck;
using Talon.Rules.Tests.Matching;

namespace Talon.Rules.Tests.Loading.Compiling;

/// <summary>A warning about a rule is never wrong, whatever the rules and events are.</summary>
public sealed class MatchWarningPropertyTests
{
    [Fact]
    public void Load_WarnedOfAsNeverMatching_NeverMatches()
    {
        int warnings = Check("the rule can never match", (rule, set, falcoEvent) => Assert.DoesNotContain(rule, set.Match(falcoEvent).Names));
        Assert.True(warnings > 50, $"only {warnings} warnings were put to the test");
    }

    [Fact]
    public void Load_WarnedOfAsNeverActing_IsInNoPlan()
    {
        int warnings = Check("the rule can never act", (rule, set, falcoEvent) =>
            Assert.DoesNotContain(rule, set.Plan(falcoEvent)?.Rules.Select(planned => planned.Name) ?? []));
        Assert.True(warnings > 300, $"only {warnings} warnings were put to the test");
    }

    // The checks of what is warned of, once for every warned rule and event; how many rules were warned of.
    private static int Check(string message, Action<string, Rules.Matching.RuleSet, Rules.Events.FalcoEvent> check)
    {
        int warnings = 0;
        Gen.Select(Gen.OneOf(RuleModels.Rule, RuleModels.Terse, RuleModels.Terse).Array[1, 8], RuleModels.Event.Array[20]).Sample(
            (rules, events) =>
            {
                var result = Make.Load(string.Concat(rules.Select((rule, index) => rule.ToYaml($"N{index}"))));
                string[] warned = [.. result.Diagnostics.Where(found => found.Message.Contains(message, StringComparison.Ordinal)).Select(found => found.Rule!)];
                Interlocked.Add(ref warnings, warned.Length);
                foreach (var one in warned.Length == 0 ? [] : events)
                {
                    var falcoEvent = Make.Event(one.ToJson());
                    Array.ForEach(warned, rule => check(rule, result.Rules!, falcoEvent));
                }
            },
            iter: 3000);
        return warnings;
    }
}
