namespace Talon.Benchmarks.Load;

/// <summary>What came of a load.</summary>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Latencies">How long answers took, whatever they were.</param>
/// <param name="Statuses">How many answers had which status.</param>
/// <param name="Errors">How many requests had none.</param>
internal sealed record LoadResult(TimeSpan Elapsed, LatencyHistogram Latencies, SortedDictionary<int, long> Statuses, long Errors)
{
    /// <summary>How many requests were answered 200.</summary>
    public long Accepted => Statuses.GetValueOrDefault(200);

    /// <summary>Answers of 200 a second.</summary>
    public double AcceptedPerSecond => Accepted / Math.Max(Elapsed.TotalSeconds, 1e-9);
}
