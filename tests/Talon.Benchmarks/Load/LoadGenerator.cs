using System.Diagnostics;

namespace Talon.Benchmarks.Load;

/// <summary>Makes load with one thread a connection.</summary>
internal static class LoadGenerator
{
    /// <summary>Runs a plan to its end. All connections are open before the first request.</summary>
    public static async Task<LoadResult> RunAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        var workers = new List<LoadWorker>();
        try
        {
            for (int i = 0; i < plan.Connections; i++)
            {
                workers.Add(new LoadWorker(plan, i, cancellationToken));
            }

            var clock = Stopwatch.StartNew();
            await Task.WhenAll(workers.Select(worker => Task.Factory.StartNew(
                () => worker.Run(clock), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            var elapsed = clock.Elapsed;
            cancellationToken.ThrowIfCancellationRequested();
            return Sum(workers, elapsed);
        }
        finally
        {
            workers.ForEach(worker => worker.Dispose());
        }
    }

    private static LoadResult Sum(List<LoadWorker> workers, TimeSpan elapsed)
    {
        var latencies = new LatencyHistogram();
        var statuses = new SortedDictionary<int, long>();
        foreach (var worker in workers)
        {
            latencies.Add(worker.Latencies);
            foreach (var (status, count) in worker.Statuses)
            {
                statuses[status] = statuses.GetValueOrDefault(status) + count;
            }
        }

        return new LoadResult(elapsed, latencies, statuses, workers.Sum(worker => worker.Errors));
    }
}
