using System.Diagnostics;
using System.Globalization;
using Talon.Benchmarks.Load;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>
/// Whether one loud pod delays the others: pairs of halves in which pods are terminated at a steady pace, without and with what 20,000
/// different alerts about one pod have left in the buckets. That pod's requests are slowed down, so that it stays there.
/// </summary>
internal static class LoudPodScenario
{
    private const int Pairs = 3;
    private const int Alerts = 20_000;
    private const int FirstLoudPod = 800_000;
    private const int FewestLeft = 1_000;
    private const int FewestWaits = 200;

    private static readonly TimeSpan FloodDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(20);

    public static async Task<Row> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        string folder = bench.NewFolder();
        await using var kubernetes = await KubeApiStandIn.StartAsync(folder, pods: 0, cancellationToken);
        await using var talon = await TalonServer.StartAsync(
            folder,
            RuleTexts.Matching("actionner: kubernetes:terminate, parameters: {grace_period_seconds: 0}", dryRun: false),
            kubernetes.Kubeconfig,
            cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{talon.Address}") };
        var terminations = new PacedTerminations(bench, kubernetes, talon, client);
        var run = new Run(bench, kubernetes, talon, terminations);
        await run.PairAsync(pair: 0, cancellationToken);

        var notes = new List<string>();
        var ratios = new List<double>();
        for (int pair = 1; pair <= Pairs; pair++)
        {
            var (without, with, flood, processor) = await run.PairAsync(pair, cancellationToken);
            if (without.Count < FewestWaits || with.Count < FewestWaits)
            {
                throw new BenchmarkException(
                    $"a pair has only {without.Count} and {with.Count} terminations in a time when the machine was ours: run it when its host is quiet");
            }

            double ratio = PacedTerminations.P(99, with) / PacedTerminations.P(99, without);
            ratios.Add(ratio);
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"pair {pair}: p99 {PacedTerminations.P(99, without):0.0} ms without, {PacedTerminations.P(99, with):0.0} ms with the loud pod "
                + $"(p50 {PacedTerminations.P(50, without):0.0}, {PacedTerminations.P(50, with):0.0}; {without.Count} and {with.Count} count); ratio {ratio:0.00}; the server used {processor.Without:0.0} and {processor.With:0.0} s of processor time; "
                + $"of its alerts {flood.Accepted} accepted, {flood.Statuses.GetValueOrDefault(503)} refused in {flood.Elapsed.TotalSeconds:0.0} s"));
        }

        ratios.Sort();
        return new Row
        {
            Notes =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"terminations at {PacedTerminations.Rate}/s, {bench.Seconds(10).TotalSeconds:0} s a half; p99 with the loud pod to p99 without: median {ratios[Pairs / 2]:0.00}, worst {ratios[^1]:0.00} of {Pairs} pairs; {terminations.Disturbed} do not count, warm-up included"),
                .. notes,
            ],
        };
    }

    private sealed class Run(Bench bench, KubeApiStandIn kubernetes, TalonServer talon, PacedTerminations terminations)
    {
        public async Task<(List<double> Without, List<double> With, LoadResult Flood, (double Without, double With) Processor)> PairAsync(
            int pair, CancellationToken cancellationToken)
        {
            var duration = bench.Seconds(10);
            await kubernetes.AddPodsAsync(FirstLoudPod + pair, 1, cancellationToken);
            int[] first = await terminations.AddPodsAsync(2, duration, cancellationToken);
            var before = talon.Process.Usage().Processor;
            var without = await terminations.MeasureAsync(first[0], duration, cancellationToken);
            var between = talon.Process.Usage().Processor;
            var flood = await FloodAsync(Pods.Name(FirstLoudPod + pair), cancellationToken);
            var flooded = talon.Process.Usage().Processor;
            var with = await terminations.MeasureAsync(first[1], duration, cancellationToken);
            var after = talon.Process.Usage().Processor;
            int left = await talon.UnfinishedAsync(cancellationToken);
            if (left < FewestLeft)
            {
                throw new BenchmarkException($"only {left} events of the loud pod were left at the end of a half: it was too long");
            }

            await kubernetes.ClearFaultsAsync(cancellationToken);
            await DrainAsync(cancellationToken);
            return (without, with, flood, ((between - before).TotalSeconds, (after - flooded).TotalSeconds));
        }

        private async Task<LoadResult> FloodAsync(string pod, CancellationToken cancellationToken)
        {
            await kubernetes.SlowDownAsync(pod, Slowness, cancellationToken);
            var now = bench.Now;
            var serial = new Serial(Alerts);
            return await LoadGenerator.RunAsync(
                new LoadPlan
                {
                    Server = talon.Address,
                    Connections = bench.Connections(32),
                    Duration = FloodDeadline,
                    Requests = _ => ShellEvents.About(talon.Address, pod, serial, now),
                },
                cancellationToken);
        }

        private async Task DrainAsync(CancellationToken cancellationToken)
        {
            var clock = Stopwatch.StartNew();
            while (await talon.UnfinishedAsync(cancellationToken) is > 0 and var left)
            {
                if (clock.Elapsed > DrainDeadline)
                {
                    throw new BenchmarkException($"{left} events were not finished in time:\n{talon.Process.Tail}");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }
}
