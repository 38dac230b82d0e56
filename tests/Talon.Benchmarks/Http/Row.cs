using Talon.Benchmarks.Load;

namespace Talon.Benchmarks.Http;

/// <summary>What one scenario found.</summary>
internal sealed record Row
{
    /// <summary>The load; null for a scenario without one.</summary>
    public LoadResult? Load { get; init; }

    /// <summary>How many connections it had.</summary>
    public int Connections { get; init; }

    /// <summary>Whether the rate is the server's own, and not one we set: only then a ratio says anything.</summary>
    public bool IsClosedLoop { get; init; } = true;

    /// <summary>Processor time of the server during the load and what it led to.</summary>
    public TimeSpan ServerProcessor { get; init; }

    /// <summary>Processor time of the load generator during the same.</summary>
    public TimeSpan LoadProcessor { get; init; }

    /// <summary>The most memory that was resident in the server, in bytes.</summary>
    public long PeakResident { get; init; }

    /// <summary>What else is to say, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
