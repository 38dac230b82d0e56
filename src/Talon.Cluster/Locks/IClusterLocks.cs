namespace Talon.Cluster.Locks;

/// <summary>Lets in one at a time, over all nodes of the cluster.</summary>
public interface IClusterLocks
{
    /// <summary>Waits to be alone with something. First come, first served.</summary>
    /// <param name="key">With what; 1 to 256 characters.</param>
    /// <returns>The hold. Dispose it as soon as it is no longer needed.</returns>
    /// <exception cref="OperationCanceledException">The token ended the wait; nothing is held.</exception>
    Task<ILockHold> AcquireAsync(string key, CancellationToken cancellationToken);
}
