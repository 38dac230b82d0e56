namespace Talon.Cluster.Guarding;

/// <summary>What the guards of a node must know of the cluster. Safe to ask from any thread.</summary>
internal interface IGuardSight
{
    /// <summary>Whether guards of this node may grant anything now.</summary>
    /// <param name="now">The monotonic time.</param>
    bool MayGrant(TimeSpan now);

    /// <summary>
    /// Until when a guard that was made at a given time must wait, because the guard before it may have been lost together with
    /// the knowledge of its holder.
    /// </summary>
    /// <param name="made">When the guard was made, monotonic.</param>
    TimeSpan QuarantineEnd(TimeSpan made);
}
