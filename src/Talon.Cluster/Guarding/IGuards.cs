namespace Talon.Cluster.Guarding;

/// <summary>Lets in one at a time, over all nodes of the cluster.</summary>
public interface IGuards
{
    /// <summary>Waits to be alone with something. First come, first served.</summary>
    /// <param name="key">With what; 1 to 256 characters.</param>
    /// <returns>The hold. Dispose it as soon as it is no longer needed.</returns>
    /// <exception cref="OperationCanceledException">The token ended the wait; nothing is held.</exception>
    Task<IGuardHold> AcquireAsync(string key, CancellationToken cancellationToken);
}
