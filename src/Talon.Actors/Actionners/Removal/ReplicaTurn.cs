using Talon.Actors.Clients.Calls;
using Talon.Cluster.Locks;

namespace Talon.Actors.Actionners.Removal;

/// <summary>
/// Whether one pod may be removed and, where its replicas are counted, the turn to do so: nobody else removes one of them meanwhile.
/// Disposing ends the turn.
/// </summary>
internal sealed class ReplicaTurn : IDisposable
{
    private readonly ILockHold? _hold;

    /// <param name="hold">Null where nothing is counted.</param>
    public ReplicaTurn(ReplicaCheck check, CallScope scope, ILockHold? hold = null)
    {
        Check = check;
        Scope = scope;
        _hold = hold;
    }

    public ReplicaCheck Check { get; }

    /// <summary>
    /// The scope of the attempt, bound to the turn: a deletion that comes too late, when somebody else may be counting, is not sent.
    /// </summary>
    public CallScope Scope { get; }

    public void Dispose() => _hold?.Dispose();
}
