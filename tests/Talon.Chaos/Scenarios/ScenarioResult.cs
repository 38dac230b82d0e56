using Talon.Chaos.Checking;
using Talon.Chaos.Records;

namespace Talon.Chaos.Scenarios;

/// <summary>One run of a scenario.</summary>
internal sealed record ScenarioResult
{
    public required Scenario Scenario { get; init; }

    public required int Seed { get; init; }

    public required Verdict Verdict { get; init; }

    public required Progress Progress { get; init; }

    /// <summary>The faults, each with the longest time that an event waited after it.</summary>
    public required IReadOnlyList<(FaultMoment Fault, TimeSpan Wait)> Faults { get; init; }

    /// <summary>The ends of talon processes during the run.</summary>
    public required IReadOnlyList<NodeExit> Exits { get; init; }

    /// <summary>The ends of talon processes when the suite stopped them.</summary>
    public required IReadOnlyList<NodeExit> LastExits { get; init; }

    /// <summary>Why the run shows less than it should.</summary>
    public required IReadOnlyList<string> Toothless { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Where the logs are.</summary>
    public required string Folder { get; init; }

    /// <summary>How many final failures there are.</summary>
    public int Failures => Verdict.Failures.Values.Sum();

    /// <summary>Nothing is broken.</summary>
    public bool IsGood => Verdict.Violations.Count == 0 && !(Scenario.AllowsNoFailure && Failures > 0) && Verdict.RuleSets >= Scenario.RuleSets;
}
