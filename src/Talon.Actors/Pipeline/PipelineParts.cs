using System.Collections.Frozen;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;

namespace Talon.Actors.Pipeline;

/// <summary>What the pipeline is given from outside.</summary>
public sealed record PipelineParts
{
    /// <summary>The actionners of this node.</summary>
    public required IReadOnlyList<IActionner> Actionners { get; init; }

    /// <summary>The outputs of this node by name. Default none.</summary>
    public IReadOnlyDictionary<string, IOutput> Outputs { get; init; } = FrozenDictionary<string, IOutput>.Empty;

    /// <summary>The additional contexts of this node by name. Default none.</summary>
    public IReadOnlyDictionary<string, IContext> Contexts { get; init; } = FrozenDictionary<string, IContext>.Empty;

    /// <summary>The probes of the categories; a category without one counts as reachable.</summary>
    public required IReadOnlyList<ICategoryProbe> Probes { get; init; }

    /// <summary>The notifiers of this node. Default none.</summary>
    public IReadOnlyList<ConfiguredNotifier> Notifiers { get; init; } = [];

    /// <summary>The names of the notifiers that hear of every outcome. Default none.</summary>
    public IReadOnlyList<string> DefaultNotifiers { get; init; } = [];

    /// <summary>The settings of their pipelines.</summary>
    public NotifyingOptions Notifying { get; init; } = new();

    /// <summary>Where log lines go.</summary>
    public required ITalonLog Log { get; init; }

    /// <summary>Where numbers go.</summary>
    public required TalonMeters Meters { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Random numbers in [0, 1) for the jitter of retries; thread-safe.</summary>
    public required Func<double> Jitter { get; init; }

    /// <summary>Whether the ingress logs every event already.</summary>
    public bool EventsAreLogged { get; init; }
}
