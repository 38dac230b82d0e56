using System.Numerics;

namespace Talon.Benchmarks.Load;

/// <summary>
/// Counts durations in buckets whose width grows with the value: 32 for each power of two, so a percentile is at most about
/// 3 % too high. Fixed in size; for one thread.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 5;
    private const int PerPowerOfTwo = 1 << Bits;
    private readonly long[] _counts = new long[(64 - Bits + 1) * PerPowerOfTwo];

    /// <summary>How many durations were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exactly.</summary>
    public TimeSpan Max { get; private set; }

    public void Record(TimeSpan duration)
    {
        _counts[IndexOf(Math.Max(0, duration.Ticks))]++;
        Count++;
        Max = duration > Max ? duration : Max;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>The duration that a share of all does not exceed, for instance 0.99; zero when nothing was counted.</summary>
    public TimeSpan Percentile(double share)
    {
        long wanted = (long)Math.Ceiling(share * Count);
        long seen = 0;
        for (int i = 0; i < _counts.Length && Count > 0; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                var upper = TimeSpan.FromTicks(LargestOf(i));
                return upper < Max ? upper : Max;
            }
        }

        return TimeSpan.Zero;
    }

    // Values below 32 have a bucket each; above, the highest bit names the group and the next five the bucket in it.
    private static int IndexOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value) - Bits);
        return (shift * PerPowerOfTwo) + (int)(value >> shift);
    }

    private static long LargestOf(int index)
    {
        if (index < 2 * PerPowerOfTwo)
        {
            return index;
        }

        int shift = (index / PerPowerOfTwo) - 1;
        long first = (long)(index - (shift * PerPowerOfTwo)) << shift;
        return first + (1L << shift) - 1;
    }
}
