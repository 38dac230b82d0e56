using Talon.Chaos.Load;

namespace Talon.Chaos.Scenarios;

/// <summary>One scenario: a load, and the faults that are made while it goes on.</summary>
/// <param name="Id">A short name for the command line.</param>
/// <param name="Title">What happens, for the table.</param>
/// <param name="Load">The load; it ends a moment after the script, if that is earlier.</param>
/// <param name="Script">Makes the faults, in time with the load.</param>
internal sealed record Scenario(string Id, string Title, LoadPlan Load, Func<ChaosRun, CancellationToken, Task> Script)
{
    /// <summary>Whether any final failure counts as a broken promise: where all work is repeat-safe and the default settings must cope.</summary>
    public bool AllowsNoFailure { get; init; }

    /// <summary>The rule sets that must have made plans, so that the scenario has shown what it is for.</summary>
    public int RuleSets { get; init; } = 1;

    /// <summary>Whether a single node can stand it: for trying the harness out.</summary>
    public bool FitsOneNode { get; init; }

    /// <summary>How long unfinished work is waited for after the load.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(180);
}
