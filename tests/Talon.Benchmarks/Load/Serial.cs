namespace Talon.Benchmarks.Load;

/// <summary>Numbers for requests, each given once whatever the number of connections. Thread-safe.</summary>
/// <param name="limit">How many there are.</param>
internal sealed class Serial(long limit = long.MaxValue)
{
    private long _given;

    /// <summary>The next number, from 0; -1 when there are no more.</summary>
    public long Next() => Interlocked.Increment(ref _given) - 1 is var number && number < limit ? number : -1;
}
