using Talon.Cluster.Locks;

namespace Talon.Host.Composition;

/// <summary>The locks of the node, for parts that are made before it starts. A caller that asks earlier waits until it has.</summary>
internal sealed class NodeLocks : IClusterLocks
{
    private readonly TaskCompletionSource<IClusterLocks> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The node has started.</summary>
    public void Start(IClusterLocks clusterLocks) => _started.SetResult(clusterLocks);

    public async Task<ILockHold> AcquireAsync(string key, CancellationToken cancellationToken)
    {
        var clusterLocks = await _started.Task.WaitAsync(cancellationToken);
        return await clusterLocks.AcquireAsync(key, cancellationToken);
    }
}
