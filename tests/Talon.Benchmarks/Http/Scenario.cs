namespace Talon.Benchmarks.Http;

/// <summary>One thing to measure.</summary>
/// <param name="Letter">By which <c>--only</c> names it.</param>
/// <param name="What">What it is, in a few words.</param>
/// <param name="RunAsync">Measures it.</param>
internal sealed record Scenario(string Letter, string What, Func<Bench, CancellationToken, Task<Row>> RunAsync)
{
    /// <summary>The scenario whose rate the others are compared with.</summary>
    public const string Baseline = "a";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new(Baseline, "empty Kestrel POST handler", UnmatchedScenarios.EmptyHandlerAsync),
        new("b", "nothing matches, 100 rules", UnmatchedScenarios.TalonAsync),
        new("c", "matched, durable, dry run", MatchedScenarios.DryRunAsync),
        new("d", "burst of 2,000 terminations", MatchedScenarios.BurstAsync),
        new("e", "idle, time to ready", IdleScenario.RunAsync),
        new("f", "500 events/s, HTTP to action", MatchedScenarios.PacedAsync),
        new("g", "terminations beside 50 captures", CaptureScenario.RunAsync),
        new("h", "recovery of 100,000 facts", RecoveryScenario.RunAsync),
        new("i", "terminations beside one loud pod", LoudPodScenario.RunAsync),
    ];
}
