using System.Net;

namespace Talon.Benchmarks.Load;

/// <summary>What load to make.</summary>
internal sealed record LoadPlan
{
    public required IPEndPoint Server { get; init; }

    /// <summary>How many connections; each has one request under way at most.</summary>
    public required int Connections { get; init; }

    /// <summary>When no further request begins; requests may run out earlier.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Requests a second over all connections; null: each connection sends as soon as it has its answer.</summary>
    public double? Rate { get; init; }

    /// <summary>Makes the requests of a connection, by its number.</summary>
    public required Func<int, RequestSource> Requests { get; init; }
}
