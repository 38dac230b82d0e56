using System.Collections.Immutable;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Variables;

namespace Talon.Actors.Plugins;

/// <summary>One attempt of one action, as an actionner sees it.</summary>
public sealed record ActionRequest
{
    /// <summary>The event that asks for it.</summary>
    public required FalcoEvent Event { get; init; }

    /// <summary>When Talon accepted the event; stands in where the event carries no time.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>The name of the Talon rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The action with its parameters.</summary>
    public required PlannedAction Action { get; init; }

    /// <summary>The identity of the accepted event, <c>EventId-sequence</c>.</summary>
    public required string EventKey { get; init; }

    /// <summary>The number of this attempt, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The trace id of the event, 32 hex digits; empty when it has none.</summary>
    public string TraceId { get; init; } = "";

    /// <summary>The context of the action: <c>falco-talon.*</c> and what its <c>additional_contexts</c> brought.</summary>
    public ImmutableSortedDictionary<string, string> Context { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Where the artifact goes; null when the action has no output.</summary>
    public ArtifactStore? Output { get; init; }

    /// <summary>The variables for templates: the event and the context.</summary>
    public VariableSet Variables => VariableSet.Of(Event, Context);

    /// <summary>Who made the artifacts of this action.</summary>
    public ArtifactOrigin Origin => new(Rule, Action.Name, Action.Actionner.ToString(), EventKey, Action.Position, Attempt, TraceId);

    /// <summary>
    /// The target journalled by an earlier attempt that may have been carried out; null when there was none, or when all of them
    /// provably were not. When set, an object that is gone, replaced or terminating means that the earlier attempt did it.
    /// </summary>
    public TargetRef? EarlierTarget { get; init; }
}
