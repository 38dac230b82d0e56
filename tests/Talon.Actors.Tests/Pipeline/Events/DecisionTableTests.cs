using System.Text;
using System.Text.RegularExpressions;
using Talon.Actors.Catalog;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Pipeline.Events;

/// <summary>Which actions run, from the text of the rules and the way each action ends: <c>continue</c>, <c>ignore_errors</c>, <c>dry_run</c>.</summary>
public sealed class DecisionTableTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    // What fails and what is ignored is named; everything else succeeds.
    [Theory]
    [InlineData("A: terminate T; label L", "", "", "T")]
    [InlineData("A: terminate T {continue: true}; label L", "", "", "T L")]
    [InlineData("A: terminate T {continue: true}; label L", "L", "", "T L")]
    [InlineData("A: label L; label M | B: label N", "L", "", "L N")]
    [InlineData("A: label L {ignore_errors: true}; label M", "L", "", "L M")]
    [InlineData("A: label L {ignore_errors: true, continue: false}; label M", "L", "", "L")]
    [InlineData("A: terminate T {ignore_errors: true}; label L", "T", "", "T")]
    [InlineData("A: terminate T {ignore_errors: true, continue: true}; label L", "T", "", "T L")]
    [InlineData("A: terminate T; label L", "", "T", "T")]
    [InlineData("A: terminate T {continue: true}; label L", "", "T", "T L")]
    [InlineData("A: label L; label M", "", "L", "L M")]
    [InlineData("A {continue: false}: label L; label M | B: label N", "L", "", "L")]
    [InlineData("A {continue: true}: label L | B: label N", "L", "", "L N")]
    [InlineData("A {dry_run: true}: terminate T; label L | B: label N", "", "", "T N")]
    [InlineData("A {dry_run: true, continue: false}: label L; label M | B: label N", "", "", "L M")]
    public void Rules_OutcomesOfActions_DecideWhatRuns(string rules, string failing, string ignored, string expected)
    {
        var ran = new List<string>();
        var state = EventState.From(1, new Facts.Accepted(
            DeliveryId.New(), EventId.Compute(Sample.Event()), new string('0', 32), PlanOf(rules), Sample.Event(), 0));
        while (!state.IsComplete)
        {
            var next = state.Accepted.Plan.Rules.Select(state.NextOf).First(action => action is not null)!;
            ran.Add(next.Name);
            ActionOutcome outcome = failing == next.Name ? SampleOutcomes.Failure(FailureKind.Forbidden)
                : ignored == next.Name ? new ActionOutcome.Ignored("spared", SampleOutcomes.NoObjects)
                : new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects);
            state = state.Apply(new Facts.Finished(1, next.Position, 1, outcome, 0));
        }

        Assert.Equal(expected, string.Join(' ', ran));
    }

    // 'A {flags of the rule}: actionner name {flags of the action}; … | B: …' as a rule file.
    private static EventPlan PlanOf(string rules)
    {
        var text = new StringBuilder();
        foreach (string rule in rules.Split(" | "))
        {
            var parts = Regex.Match(rule, @"^(?<name>\w+)( \{(?<flags>.*?)\})?: (?<actions>.*)$", RegexOptions.ExplicitCapture, Deadline);
            text.Append($"- rule: {parts.Groups["name"]}\n");
            foreach (string flag in parts.Groups["flags"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append($"  {flag}\n");
            }

            text.Append("  match: {source: syscall}\n  actions:\n");
            foreach (string action in parts.Groups["actions"].Value.Split("; "))
            {
                var words = Regex.Match(action, @"^(?<actionner>\w+) (?<name>\w+)( \{(?<flags>.*)\})?$", RegexOptions.ExplicitCapture, Deadline);
                string parameters = words.Groups["actionner"].Value == "label" ? ", parameters: {labels: {a: b}}" : "";
                string flags = words.Groups["flags"].Length > 0 ? $", {words.Groups["flags"]}" : "";
                text.Append($"    - {{action: {words.Groups["name"]}, actionner: \"kubernetes:{words.Groups["actionner"]}\"{parameters}{flags}}}\n");
            }
        }

        var result = RuleLoader.Load([new RuleFile("rules.yaml", text.ToString())], PluginCatalog.Default);
        Assert.True(result.Rules is not null, string.Join('\n', result.Diagnostics));
        return result.Rules.Plan(Sample.Event())!;
    }
}
