using Talon.Actors.Clients.Kubernetes;
using Talon.Cluster.Guarding;

namespace Talon.Actors.Tests.Actionners;

/// <summary>Guards within one process, for tests that need no cluster.</summary>
internal sealed class LocalGuards : IGuards
{
    private readonly KeyedLocks _locks = new();

    /// <summary>Whether holds are valid; a test sets false for holders that came too late.</summary>
    public bool Valid { get; set; } = true;

    public async Task<IGuardHold> AcquireAsync(string key, CancellationToken cancellationToken) =>
        new Hold(this, await _locks.AcquireAsync(key, cancellationToken));

    private sealed class Hold(LocalGuards guards, IDisposable held) : IGuardHold
    {
        public bool IsHeld => guards.Valid;

        public void Dispose() => held.Dispose();
    }
}
