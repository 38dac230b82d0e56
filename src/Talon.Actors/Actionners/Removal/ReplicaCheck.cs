using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Removal;

/// <summary>Whether <c>min_healthy_replicas</c> allows removing one pod.</summary>
/// <param name="End">How the action ends when it may not; null when it may.</param>
/// <param name="NotApplied">Why the parameter does not apply to this pod, one clause; null when it does, or is not set.</param>
internal sealed record ReplicaCheck(ActionOutcome? End, string? NotApplied = null)
{
    public static ReplicaCheck Allowed { get; } = new((ActionOutcome?)null);

    /// <summary><see cref="NotApplied"/> as the end of a sentence; empty when there is none.</summary>
    public string Note => NotApplied is null ? "" : $"; min_healthy_replicas does not apply: {NotApplied}";
}
