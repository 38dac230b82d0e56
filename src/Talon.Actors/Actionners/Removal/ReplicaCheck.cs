using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Removal;

/// <summary>What <c>min_healthy_replicas</c> says about taking one pod away.</summary>
/// <param name="End">How the action ends without doing it; null when it may.</param>
/// <param name="NotApplied">Why the parameter says nothing about this pod, one clause; null when it does, or was not asked for.</param>
internal sealed record ReplicaCheck(ActionOutcome? End, string? NotApplied = null)
{
    /// <summary>It may be taken away.</summary>
    public static ReplicaCheck Allowed { get; } = new((ActionOutcome?)null);

    /// <summary><see cref="NotApplied"/> as the end of a sentence; empty when there is none.</summary>
    public string Note => NotApplied is null ? "" : $"; min_healthy_replicas does not apply: {NotApplied}";
}
