namespace Talon.Cluster.Locks;

/// <summary>
/// What makes locks safe in a cluster of one with a journal that belongs to one process: there is no other node that could have a lock, and the
/// lock of the journal proves that an earlier process is gone.
/// </summary>
internal sealed class SingleNodeLockSafety : ILockSafety
{
    public bool MayGrant(TimeSpan now) => true;

    public TimeSpan QuarantineEnd(TimeSpan made) => TimeSpan.MinValue;
}
