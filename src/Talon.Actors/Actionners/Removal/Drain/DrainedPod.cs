using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Actionners.Removal.Drain;

/// <summary>One pod of a drain, known by its uid: a pod that comes back under its name is another one.</summary>
internal sealed class DrainedPod(PodTarget.Found target, PodFate fate, bool isAwaited)
{
    public PodTarget.Found Target { get; } = target;

    /// <summary>Whether the drain waits until it is gone.</summary>
    public bool IsAwaited { get; } = isAwaited;

    public PodFate Fate { get; private set; } = fate;

    /// <summary>Whether it is still on the node, as far as is known.</summary>
    public bool IsThere { get; private set; } = true;

    /// <summary>Why it was not evicted; null before the first try and when it was.</summary>
    public KubeError? Error { get; private set; }

    /// <summary>Whether <c>min_healthy_replicas</c> is set but does not apply to it.</summary>
    public bool HasNoReplicas { get; set; }

    /// <summary>When it may be tried again, as a time stamp of the clock.</summary>
    public long NextTry { get; private set; }

    public void Becomes(PodFate fate, KubeError? error = null, long nextTry = 0)
    {
        Fate = fate;
        Error = error;
        NextTry = nextTry;
        IsThere = fate != PodFate.Gone;
    }

    public void Left() => IsThere = false;
}
