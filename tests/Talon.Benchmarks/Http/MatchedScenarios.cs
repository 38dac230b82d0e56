using System.Diagnostics;
using Talon.Benchmarks.Load;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>Events that are journalled and acted on.</summary>
internal static class MatchedScenarios
{
    private const int Burst = 2_000;
    private const double Pace = 500;
    private const string Terminate = "actionner: kubernetes:terminate, parameters: {grace_period_seconds: 0}";
    private const string Label = """actionner: kubernetes:label, parameters: {labels: {suspicious: "true"}}""";

    /// <summary>As fast as 200s come, each only after the event is on disk; then until the last outcome is.</summary>
    public static async Task<Row> DryRunAsync(Bench bench, CancellationToken cancellationToken)
    {
        string folder = bench.NewFolder();
        await using var kubernetes = await KubeApiStandIn.StartAsync(folder, Pods.Lasting, cancellationToken);
        await using var talon = await StartAsync(folder, kubernetes, Terminate, dryRun: true, cancellationToken);
        var plan = Plan(bench, talon, new Serial()) with { Connections = bench.Connections(64), Duration = bench.Seconds(10) };
        var warm = await bench.WarmUpAsync(plan, cancellationToken);
        await Bench.DrainAsync(talon, cancellationToken);

        var drained = TimeSpan.Zero;
        var row = await bench.MeasureAsync(talon.Process, plan, async () => drained = await Bench.DrainAsync(talon, cancellationToken), cancellationToken);
        var load = row.Load!;
        double allDone = load.Accepted / (load.Elapsed + drained).TotalSeconds;
        return row with
        {
            Notes =
            [
                $"all outcomes journalled {drained.TotalSeconds:0.00} s after the last answer: {allDone:0} events/s from the first request to the last outcome",
                await Bench.OutcomesAsync(talon, warm.Accepted + load.Accepted, cancellationToken),
            ],
        };
    }

    /// <summary>Each event ends a pod of its own, counted by the Kubernetes stand-in.</summary>
    public static async Task<Row> BurstAsync(Bench bench, CancellationToken cancellationToken)
    {
        string folder = bench.NewFolder();
        await using var kubernetes = await KubeApiStandIn.StartAsync(folder, Burst, cancellationToken);
        await using var talon = await StartAsync(folder, kubernetes, Terminate, dryRun: false, cancellationToken);
        var now = bench.Now;
        var serial = new Serial(Burst);
        var plan = new LoadPlan
        {
            Server = talon.Address,
            Connections = bench.Connections(64),
            Duration = TimeSpan.FromMinutes(5),
            Requests = _ => ShellEvents.About(talon.Address, Pods.OwnName, serial, now),
        };
        var drained = TimeSpan.Zero;
        var row = await bench.MeasureAsync(talon.Process, plan, async () => drained = await Bench.DrainAsync(talon, cancellationToken), cancellationToken);
        var (effects, objects) = await kubernetes.EffectsAsync(cancellationToken);
        var whole = row.Load!.Elapsed + drained;
        return row with
        {
            Notes =
            [
                $"without warm-up; all finished {drained.TotalSeconds:0.00} s after the last answer, {whole.TotalSeconds:0.00} s after the first request",
                $"{effects} deletions on {objects} pods for {row.Load.Accepted} accepted events",
                await Bench.OutcomesAsync(talon, row.Load.Accepted, cancellationToken),
            ],
        };
    }

    /// <summary>A steady pace far below the limit: how long an event waits for its action, which here writes to the API.</summary>
    public static async Task<Row> PacedAsync(Bench bench, CancellationToken cancellationToken)
    {
        string folder = bench.NewFolder();
        await using var kubernetes = await KubeApiStandIn.StartAsync(folder, Pods.Lasting, cancellationToken);
        await using var talon = await StartAsync(folder, kubernetes, Label, dryRun: false, cancellationToken);
        var plan = Plan(bench, talon, new Serial()) with { Connections = bench.Connections(32), Duration = bench.Seconds(20), Rate = Pace };
        var warm = await bench.WarmUpAsync(plan, cancellationToken);
        await Bench.DrainAsync(talon, cancellationToken);

        var before = await WaitsAsync(talon, warm.Accepted, cancellationToken);
        var row = await bench.MeasureAsync(talon.Process, plan, async () => await Bench.DrainAsync(talon, cancellationToken), cancellationToken);
        long accepted = warm.Accepted + row.Load!.Accepted;
        var waits = (await WaitsAsync(talon, accepted, cancellationToken)).Since(before);
        return row with
        {
            Notes =
            [
                $"arrival to action start: p50 {waits.Percentile(0.5) * 1000:0.0} ms, p99 {waits.Percentile(0.99) * 1000:0.0} ms (within the buckets of the histogram); "
                    + $"{waits.ShareWithin(0.005):P1} within 5 ms, {waits.ShareWithin(0.025):P1} within 25 ms, of {waits.Count:0}",
                await Bench.OutcomesAsync(talon, accepted, cancellationToken),
            ],
        };
    }

    private static async Task<BucketHistogram> WaitsAsync(TalonServer talon, long accepted, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var waits = BucketHistogram.Of(await talon.MetricsAsync(cancellationToken), "talon_event_to_action_seconds");
            if (waits.Count >= accepted || clock.Elapsed > TimeSpan.FromSeconds(2))
            {
                return waits;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private static Task<TalonServer> StartAsync(
        string folder, KubeApiStandIn kubernetes, string action, bool dryRun, CancellationToken cancellationToken) =>
        TalonServer.StartAsync(
            folder,
            RuleTexts.NotMatching(UnmatchedScenarios.Rules - 1) + RuleTexts.Matching(action, dryRun),
            kubernetes.Kubeconfig,
            cancellationToken);

    private static LoadPlan Plan(Bench bench, TalonServer talon, Serial serial)
    {
        var now = bench.Now;
        return new LoadPlan
        {
            Server = talon.Address,
            Connections = 1,
            Duration = TimeSpan.Zero,
            Requests = connection => ShellEvents.About(talon.Address, Pods.Name(connection % Pods.Lasting), serial, now),
        };
    }
}
