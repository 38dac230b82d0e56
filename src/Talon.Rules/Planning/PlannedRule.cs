using System.Collections.Immutable;

namespace Talon.Rules.Planning;

/// <summary>One matching rule of a plan.</summary>
/// <param name="Name">The name of the Talon rule.</param>
/// <param name="DryRun">Whether its actions only say what they would do.</param>
/// <param name="Actions">Its actions in order, up to and including the first that does not continue. Never empty.</param>
public sealed record PlannedRule(string Name, bool DryRun, ImmutableArray<string> Notifiers, ImmutableArray<PlannedAction> Actions)
{
    /// <summary>What the rule says of <c>continue</c>, for the context of its actions; null when it says nothing. The plan itself ends where it must.</summary>
    public bool? SaysContinue { get; init; }
}
