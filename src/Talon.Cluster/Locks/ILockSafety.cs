namespace Talon.Cluster.Locks;

/// <summary>What the locks of a node must know of the cluster. Safe to ask from any thread.</summary>
internal interface ILockSafety
{
    /// <summary>Whether locks of this node may grant anything now.</summary>
    /// <param name="now">The monotonic time.</param>
    bool MayGrant(TimeSpan now);

    /// <summary>
    /// Until when a lock that was made at a given time must wait, because the lock before it may have been lost together with
    /// the knowledge of its holder.
    /// </summary>
    /// <param name="made">When the lock was made, monotonic.</param>
    TimeSpan QuarantineEnd(TimeSpan made);
}
