using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

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

    /// <summary>
    /// The target journalled by an earlier attempt that may have been carried out; null when there was none, or when all of them
    /// provably were not. When set, an object that is gone, replaced or terminating means that the earlier attempt did it.
    /// </summary>
    public TargetRef? EarlierTarget { get; init; }
}
