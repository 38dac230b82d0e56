using Talon.Cluster.Guarding;

namespace Talon.Host.Hosting;

/// <summary>The guards of the node, for those that are made before it starts. Who asks earlier waits until it has.</summary>
internal sealed class NodeGuards : IGuards
{
    private readonly TaskCompletionSource<IGuards> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The node has started.</summary>
    public void Start(IGuards guards) => _started.SetResult(guards);

    /// <inheritdoc/>
    public async Task<IGuardHold> AcquireAsync(string key, CancellationToken cancellationToken)
    {
        var guards = await _started.Task.WaitAsync(cancellationToken);
        return await guards.AcquireAsync(key, cancellationToken);
    }
}
