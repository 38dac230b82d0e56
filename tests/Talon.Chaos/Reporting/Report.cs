using System.Globalization;
using System.Text;
using Talon.Chaos.Checking;
using Talon.Chaos.Scenarios;

namespace Talon.Chaos.Reporting;

/// <summary>The table of a run, in Markdown. Pure.</summary>
internal static class Report
{
    private const string Header =
        """
        | scenario | seed | sent (posts) | accepted | refused | unknown | effects | final failures | lost | doubled | other | repeats without effect | slowest event | longest stall |
        |---|--:|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|

        """;

    public static string Of(IReadOnlyList<ScenarioResult> results, string date, string machine, string version)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{date}; talon {version}; {machine}.\n\n").Append(Header);
        foreach (var result in results)
        {
            text.Append(Row(result)).Append('\n');
        }

        text.Append('\n').Append(Kills(results));
        foreach (var result in results.Where(r => !r.IsGood || r.Toothless.Count > 0))
        {
            text.Append('\n').Append(Trouble(result));
        }

        return text.ToString();
    }

    /// <summary>One line of the table.</summary>
    public static string Row(ScenarioResult result)
    {
        var v = result.Verdict;
        string failures = v.Failures.Count == 0 ? "0" : string.Join(", ", v.Failures.Select(f => $"{f.Value} {f.Key}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {result.Scenario.Id}: {result.Scenario.Title} | {result.Seed} | {v.Sent} ({v.Posts}) | {v.Accepted} | {v.Refused} | {v.Unknown} | {v.Effects} | {failures} | {v.Lost} | {v.Doubled} | {v.Other} | {v.Repeats} | {Seconds(result.Progress.Slowest)} | {Seconds(result.Progress.LongestStall)} |");
    }

    /// <summary>How long work waited after the kills, over all runs.</summary>
    public static string Kills(IReadOnlyList<ScenarioResult> results)
    {
        // The cold start is no kill of a node: nobody is left to take over.
        var waits = results.Where(r => r.Scenario.Id != "f").SelectMany(r => r.Faults).Where(f => f.Fault.Kind == "kill -9").Select(f => f.Wait).ToList();
        return waits.Count == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"Longest wait of any event after a kill -9, over {waits.Count} kills: median {Seconds(Progress.MedianOf(waits))}, worst {Seconds(waits.Max())}.\n");
    }

    /// <summary>What is wrong with a run, and where to look.</summary>
    public static string Trouble(ScenarioResult result)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.Scenario.Id}, seed {result.Seed} ({result.Folder}):\n");
        foreach (var violation in result.Verdict.Violations.Take(20))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {violation}\n");
        }

        if (result.Verdict.Violations.Count > 20)
        {
            text.Append(CultureInfo.InvariantCulture, $"- and {result.Verdict.Violations.Count - 20} more\n");
        }

        if (result.Scenario.AllowsNoFailure && result.Failures > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {result.Failures} final failures where none is allowed\n");
        }

        if (result.Verdict.RuleSets < result.Scenario.RuleSets)
        {
            text.Append(CultureInfo.InvariantCulture, $"- plans of {result.Verdict.RuleSets} rule sets, not of {result.Scenario.RuleSets}\n");
        }

        foreach (string why in result.Toothless)
        {
            text.Append(CultureInfo.InvariantCulture, $"- no teeth: {why}\n");
        }

        return text.ToString();
    }

    /// <summary>Faults with their waits, and ends of processes: for the log.</summary>
    public static string Details(ScenarioResult result)
    {
        var text = new StringBuilder();
        foreach (var (fault, wait) in result.Faults)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {fault.At:HH:mm:ss.fff} {fault.Kind}: {fault.What}; longest wait after it {Seconds(wait)}\n");
        }

        string Ends(IReadOnlyList<Records.NodeExit> exits) => exits.Count == 0 ? "none" : string.Join(", ", exits.Select(e => $"node {e.Node} {e.Code}"));
        text.Append(CultureInfo.InvariantCulture, $"  ends during the run: {Ends(result.Exits)}; at its end: {Ends(result.LastExits)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  median {result.Progress.Median.TotalSeconds:0.00} s; {result.Verdict.Unconfirmed} events in the journal without a 200; {result.Duration.TotalSeconds:0} s in all\n");
        foreach (string slow in result.Progress.SlowestEvents(5))
        {
            text.Append(CultureInfo.InvariantCulture, $"  slow: {slow}\n");
        }

        return text.ToString();
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
