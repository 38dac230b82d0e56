using Talon.Actors.Plugins;
using Talon.Cluster.Guarding;

namespace Talon.Actors.Actionners.Shared;

/// <summary>Being alone with a ReplicaSet, for the count of its healthy pods and one deletion. Disposing ends it.</summary>
internal sealed class ReplicaTurn(IGuardHold hold, CallScope scope) : IDisposable
{
    /// <summary>
    /// The leave to call for as long as the turn lasts: asked right before each request, so that a deletion that comes too late,
    /// when somebody else may be counting, is not sent.
    /// </summary>
    public CallScope Scope { get; } = scope.While(() => hold.IsHeld ? null : "its turn to count the healthy pods has run out");

    public void Dispose() => hold.Dispose();
}
