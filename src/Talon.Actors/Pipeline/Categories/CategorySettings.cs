using Akka.Actor;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Rules.Catalog;

namespace Talon.Actors.Pipeline.Categories;

/// <summary>What a category actor needs.</summary>
internal sealed record CategorySettings
{
    /// <summary>The settings of the pipeline, of which those of the lanes count here.</summary>
    public required PipelineOptions Options { get; init; }

    public required IReadOnlyDictionary<ActionnerName, IActionner> Actionners { get; init; }

    public required IReadOnlyDictionary<string, IOutput> Outputs { get; init; }

    public required IReadOnlyDictionary<string, IContext> Contexts { get; init; }

    /// <summary>Null for a category without an outside system to ask.</summary>
    public required ICategoryProbe? Probe { get; init; }

    public required IActorRef Outbox { get; init; }

    public required TimeProvider Clock { get; init; }

    public required Func<double> Jitter { get; init; }

    public required Func<bool> NodeIsUp { get; init; }

    /// <summary>Whether the node is leaving; then no slot is granted.</summary>
    public required Func<bool> IsDraining { get; init; }

    public required ITalonLog Log { get; init; }

    /// <summary>Where the results of outputs go that people see.</summary>
    public required Action<OutputStatus> PublishOutput { get; init; }

    /// <summary>Where the state goes that people and metrics see.</summary>
    public required Action<CategoryStatus, SlotTable> Publish { get; init; }
}
