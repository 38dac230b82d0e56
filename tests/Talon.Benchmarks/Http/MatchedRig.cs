using System.Diagnostics;
using Talon.Benchmarks.Load;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>Talon and the Kubernetes stand-in, each in its own process, with pods to act on.</summary>
internal sealed class MatchedRig : IAsyncDisposable
{
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MetricsDeadline = TimeSpan.FromSeconds(2);
    private readonly Bench _bench;
    private readonly TalonServer _talon;

    private MatchedRig(Bench bench, KubeApiStandIn kubernetes, TalonServer talon)
    {
        _bench = bench;
        Kubernetes = kubernetes;
        _talon = talon;
    }

    /// <summary>The Kubernetes stand-in.</summary>
    public KubeApiStandIn Kubernetes { get; }

    public static async Task<MatchedRig> StartAsync(Bench bench, int pods, string rules, CancellationToken cancellationToken)
    {
        string folder = bench.NewFolder();
        var kubernetes = await KubeApiStandIn.StartAsync(folder, pods, cancellationToken);
        try
        {
            return new MatchedRig(bench, kubernetes, await TalonServer.StartAsync(folder, rules, kubernetes.Kubeconfig, cancellationToken));
        }
        catch
        {
            await kubernetes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Unique matching events; connections, duration and pace are for the caller to set.</summary>
    /// <param name="pod">The pod that the events of a connection are about.</param>
    /// <param name="serial">The numbers of the events.</param>
    public LoadPlan Plan(Func<int, string> pod, Serial serial)
    {
        // Later than the pods, or they would count as newer than the event.
        var now = _bench.Now;
        return new LoadPlan
        {
            Server = _talon.Address,
            Connections = 1,
            Duration = TimeSpan.Zero,
            Requests = connection => ShellEvents.About(_talon.Address, pod(connection), serial, now),
        };
    }

    /// <summary>Warms up and waits until all of it is finished.</summary>
    public async Task<LoadResult> WarmUpAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        var warm = await Bench.WarmUpAsync(plan, cancellationToken);
        await DrainAsync(cancellationToken);
        return warm;
    }

    /// <summary>Measures a load up to the last outcome.</summary>
    /// <returns>The row, and how long the last outcome came after the last answer.</returns>
    public async Task<(Row Row, TimeSpan Drained)> MeasureAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        var before = Kubernetes.Process.Usage().Processor;
        var drained = TimeSpan.Zero;
        var row = await Bench.MeasureAsync(_talon.Process, plan, async () => drained = await DrainAsync(cancellationToken), cancellationToken);
        var used = Kubernetes.Process.Usage().Processor - before;
        return (row with { Notes = [$"the Kubernetes stand-in used {used.TotalSeconds:0.0} s of processor time"] }, drained);
    }

    /// <summary>The final outcomes of actions, once there are as many as accepted events: metrics may lag a little.</summary>
    public async Task<string> OutcomesAsync(long accepted, CancellationToken cancellationToken)
    {
        var metrics = await MetricsAsync(m => m.Outcomes().Values.Sum() >= accepted, cancellationToken);
        return $"outcomes of {accepted} accepted events: {string.Join(", ", metrics.Outcomes().Select(pair => $"{pair.Value:0} {pair.Key}"))}";
    }

    /// <summary>How long events waited for their action, since the start of talon, once there are as many as accepted events.</summary>
    public async Task<BucketHistogram> WaitsAsync(long accepted, CancellationToken cancellationToken) =>
        Waits(await MetricsAsync(m => Waits(m).Count >= accepted, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _talon.DisposeAsync();
        await Kubernetes.DisposeAsync();
    }

    private static BucketHistogram Waits(MetricsText metrics) => BucketHistogram.Of(metrics, "talon_event_to_action_seconds");

    private async Task<MetricsText> MetricsAsync(Func<MetricsText, bool> complete, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var metrics = await _talon.MetricsAsync(cancellationToken);
            if (complete(metrics) || clock.Elapsed > MetricsDeadline)
            {
                return metrics;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private async Task<TimeSpan> DrainAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (await _talon.UnfinishedAsync(cancellationToken) is > 0 and var left)
        {
            if (clock.Elapsed > DrainDeadline)
            {
                throw new BenchmarkException($"{left} events are unfinished {DrainDeadline.TotalMinutes:0} minutes after the last was sent");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        return clock.Elapsed;
    }
}
