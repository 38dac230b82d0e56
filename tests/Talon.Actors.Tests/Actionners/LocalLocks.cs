using Talon.Actors.Clients.Kubernetes;
using Talon.Cluster.Locks;

namespace Talon.Actors.Tests.Actionners;

/// <summary>Locks within one process, for tests that need no cluster.</summary>
internal sealed class LocalLocks : IClusterLocks
{
    private readonly KeyedLocks _locks = new();

    /// <summary>Whether holds are valid; a test sets false for holders that came too late.</summary>
    public bool Valid { get; set; } = true;

    public async Task<ILockHold> AcquireAsync(string key, CancellationToken cancellationToken) =>
        new Hold(this, await _locks.AcquireAsync(key, cancellationToken));

    private sealed class Hold(LocalLocks locks, IDisposable held) : ILockHold
    {
        public TimeSpan Left => locks.Valid ? TimeSpan.FromSeconds(12) : TimeSpan.Zero;

        public void Dispose() => held.Dispose();
    }
}
