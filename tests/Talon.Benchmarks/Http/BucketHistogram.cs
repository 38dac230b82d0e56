using System.Globalization;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>A histogram as Prometheus shows it: for each bound, how many values did not exceed it.</summary>
/// <param name="Buckets">Bounds in seconds with their counts, ascending; the last is infinite.</param>
internal sealed record BucketHistogram(SortedDictionary<double, double> Buckets)
{
    /// <summary>How many values there are.</summary>
    public double Count => Buckets.Count > 0 ? Buckets.Values.Last() : 0;

    public static BucketHistogram Of(MetricsText metrics, string name)
    {
        var buckets = new SortedDictionary<double, double>();
        foreach (var (bound, count) in metrics.SumBy(name + "_bucket", "le"))
        {
            buckets[bound == "+Inf" ? double.PositiveInfinity : double.Parse(bound, CultureInfo.InvariantCulture)] = count;
        }

        return new BucketHistogram(buckets);
    }

    /// <summary>What came since an earlier state.</summary>
    public BucketHistogram Since(BucketHistogram earlier)
    {
        var buckets = new SortedDictionary<double, double>();
        foreach (var (bound, count) in Buckets)
        {
            buckets[bound] = count - earlier.Buckets.GetValueOrDefault(bound);
        }

        return new BucketHistogram(buckets);
    }

    /// <summary>The share of values that do not exceed one of the bounds.</summary>
    public double ShareWithin(double bound) => Count > 0 ? Buckets.GetValueOrDefault(bound) / Count : 0;

    /// <summary>The value, in seconds, that a share of all does not exceed, as if values lay evenly within their bucket.</summary>
    public double Percentile(double share)
    {
        double wanted = share * Count;
        double from = 0;
        double below = 0;
        foreach (var (bound, count) in Buckets)
        {
            if (count >= wanted && count > below)
            {
                return double.IsPositiveInfinity(bound) ? from : from + ((bound - from) * (wanted - below) / (count - below));
            }

            from = bound;
            below = count;
        }

        return 0;
    }
}
