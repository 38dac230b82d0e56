using Akka.Actor;
using Talon.Actors.Pipeline.Buckets;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Pipeline.State;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Cluster.Wire;
using Talon.Rules.Catalog;

namespace Talon.Actors.Pipeline;

/// <summary>What every actor of the pipeline shares. Immutable; made once when the node has started.</summary>
internal sealed record PipelineContext
{
    public required PipelineOptions Options { get; init; }

    public required IReadOnlyDictionary<ActionnerName, IActionner> Actionners { get; init; }

    public required IReadOnlyDictionary<string, IActorRef> Categories { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Random numbers in [0, 1) for the jitter of retries; thread-safe.</summary>
    public required Func<double> Jitter { get; init; }

    /// <summary>Those who are told of committed facts, in this order.</summary>
    internal required IReadOnlyList<IFactSink> Sinks { get; init; }

    /// <summary>Where the pipeline tells of its own state.</summary>
    public required ITalonLog Log { get; init; }

    public required TalonMeters Meters { get; init; }

    /// <summary>Where the readiness endpoint reads.</summary>
    public required PipelineStatus Status { get; init; }

    /// <summary>The address of this node.</summary>
    public required string Node { get; init; }

    /// <summary>The identity of this process.</summary>
    public required string Incarnation { get; init; }

    /// <summary>
    /// Whether the process that wrote a fact, given by its node and its incarnation, is provably over. On a single node with an
    /// exclusive journal every other process is.
    /// </summary>
    public required Func<string, string, bool> IsGone { get; init; }

    /// <summary>What the buckets of this process have written and not told yet.</summary>
    internal UnconfirmedWrites Untold { get; } = new();

    /// <summary>Now, ms since 1970.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Tells all sinks of a committed fact.</summary>
    internal void TellSinks(EventState state, IFact fact)
    {
        foreach (var sink in Sinks)
        {
            sink.Committed(state, fact);
        }
    }
}
