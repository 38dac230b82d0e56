using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Rules.Planning;

/// <summary>One action of a plan.</summary>
public sealed record PlannedAction
{
    /// <summary>The place of the action in the whole plan, from 0, counted over all rules. Part of the action's identity.</summary>
    public required int Position { get; init; }

    /// <summary>The name of the action.</summary>
    public required string Name { get; init; }

    /// <summary>The actionner that runs it.</summary>
    public required ActionnerName Actionner { get; init; }

    /// <summary>The parameters as written, before any variable is expanded.</summary>
    public required ParameterMap Parameters { get; init; }

    /// <summary>What the action says of <c>continue</c>, for its context; null when it says nothing. The plan itself ends where it must.</summary>
    public bool? SaysContinue { get; init; }

    /// <summary>Whether the next action of the rule runs even when this one fails.</summary>
    public required bool IgnoreErrors { get; init; }

    /// <summary>The additional contexts to fetch before it runs, in order.</summary>
    public ImmutableArray<string> AdditionalContexts { get; init; } = [];

    /// <summary>Where its artifact goes; null when no output is configured.</summary>
    public PlannedOutput? Output { get; init; }

    /// <summary>How long one attempt may take; null means the default of the actionner.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How old the event may be when the action starts; null means the configured default, zero means no limit.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Whether an action that is not repeat-safe is run again after its node died.</summary>
    public bool RetryInterrupted { get; init; }
}
