using Talon.Benchmarks.Load;

namespace Talon.Benchmarks.Http;

/// <summary>Events that are journalled and acted on.</summary>
internal static class MatchedScenarios
{
    private const int Burst = 2_000;
    private const double Pace = 500;
    private const string Terminate = "actionner: kubernetes:terminate, parameters: {grace_period_seconds: 0}";
    private static readonly TimeSpan BurstDeadline = TimeSpan.FromMinutes(5);

    /// <summary>As fast as 200s come, each only after the event is on disk; then until the last outcome is.</summary>
    public static async Task<Row> DryRunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var rig = await MatchedRig.StartAsync(bench, Pods.Lasting, Rules(dryRun: true), cancellationToken);
        var serial = new Serial();
        var plan = rig.Plan(connection => Pods.Name(connection % Pods.Lasting), serial) with
        {
            Connections = bench.Connections(64),
            Duration = bench.Seconds(10),
        };
        var warm = await rig.WarmUpAsync(plan, cancellationToken);
        var (row, drained) = await rig.MeasureAsync(plan, cancellationToken);
        var load = row.Load!;
        double allDone = load.Accepted / (load.Elapsed + drained).TotalSeconds;
        return row with
        {
            Notes =
            [
                $"all outcomes journalled {drained.TotalSeconds:0.00} s after the last answer: {allDone:0} events/s from the first request to the last outcome",
                await rig.OutcomesAsync(warm.Accepted + load.Accepted, cancellationToken),
                .. row.Notes,
            ],
        };
    }

    /// <summary>Each event ends a pod of its own, counted by the Kubernetes stand-in.</summary>
    public static async Task<Row> BurstAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var rig = await MatchedRig.StartAsync(bench, Burst, Rules(dryRun: false), cancellationToken);
        var plan = rig.Plan(_ => Pods.OwnName, new Serial(Burst)) with
        {
            Connections = bench.Connections(64),
            Duration = BurstDeadline,
        };
        var (row, drained) = await rig.MeasureAsync(plan, cancellationToken);
        var (effects, objects) = await rig.Kubernetes.EffectsAsync(cancellationToken);
        var whole = row.Load!.Elapsed + drained;
        return row with
        {
            Notes =
            [
                $"without warm-up; all finished {drained.TotalSeconds:0.00} s after the last answer, {whole.TotalSeconds:0.00} s after the first request",
                $"{effects} deletions on {objects} pods for {row.Load.Accepted} accepted events",
                await rig.OutcomesAsync(row.Load.Accepted, cancellationToken),
                .. row.Notes,
            ],
        };
    }

    /// <summary>A steady pace, each event with a pod of its own to end: how long an event waits for its action.</summary>
    public static async Task<Row> PacedAsync(Bench bench, CancellationToken cancellationToken)
    {
        var duration = bench.Seconds(20);
        int connections = bench.Connections(32);
        int pods = (int)(Pace * (duration + Bench.WarmUpTime(duration)).TotalSeconds) + (2 * connections);
        await using var rig = await MatchedRig.StartAsync(bench, pods, Rules(dryRun: false), cancellationToken);
        var plan = rig.Plan(_ => Pods.OwnName, new Serial(pods)) with { Connections = connections, Duration = duration, Rate = Pace };
        var warm = await rig.WarmUpAsync(plan, cancellationToken);

        var before = await rig.WaitsAsync(warm.Accepted, cancellationToken);
        var (row, _) = await rig.MeasureAsync(plan, cancellationToken);
        long accepted = warm.Accepted + row.Load!.Accepted;
        var waits = (await rig.WaitsAsync(accepted, cancellationToken)).Since(before);
        return row with
        {
            Notes =
            [
                $"arrival to action start: p50 {waits.Percentile(0.5) * 1000:0.0} ms, p99 {waits.Percentile(0.99) * 1000:0.0} ms (as if even within a bucket); "
                    + $"{waits.ShareWithin(0.005):P1} within 5 ms, {waits.ShareWithin(0.025):P1} within 25 ms, of {waits.Count:0}",
                await rig.OutcomesAsync(accepted, cancellationToken),
                .. row.Notes,
            ],
        };
    }

    // The one rule that matches is the last.
    private static string Rules(bool dryRun) => RuleTexts.NotMatching(UnmatchedScenarios.Rules - 1) + RuleTexts.Matching(Terminate, dryRun);
}
