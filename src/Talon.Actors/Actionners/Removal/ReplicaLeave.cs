using Talon.Actors.Clients.Calls;
using Talon.Cluster.Locks;

namespace Talon.Actors.Actionners.Removal;

/// <summary>
/// Whether one pod may be taken away, and where its replicas are counted the turn to do it: nobody else takes one of them meanwhile.
/// Disposing ends it.
/// </summary>
internal sealed class ReplicaLeave : IDisposable
{
    private readonly ILockHold? _hold;

    /// <param name="check">What was found.</param>
    /// <param name="scope">The leave of the attempt.</param>
    /// <param name="hold">The turn; null where nothing is counted.</param>
    public ReplicaLeave(ReplicaCheck check, CallScope scope, ILockHold? hold = null)
    {
        Check = check;
        Scope = scope;
        _hold = hold;
    }

    /// <summary>What was found.</summary>
    public ReplicaCheck Check { get; }

    /// <summary>
    /// The leave to call for as long as the turn lasts: asked right before each request, so that a deletion that comes too late,
    /// when somebody else may be counting, is not sent.
    /// </summary>
    public CallScope Scope { get; }

    public void Dispose() => _hold?.Dispose();
}
