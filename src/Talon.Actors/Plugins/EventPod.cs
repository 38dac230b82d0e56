using k8s.Models;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>How the search for the pod of an event ended: a closed set.</summary>
internal abstract record EventPod
{
    private EventPod()
    {
    }

    /// <summary>The pod, just read and verified to be the one of the event.</summary>
    public sealed record Found(V1Pod Pod) : EventPod;

    /// <summary>It will show in a moment whether it is the pod: see <see cref="Preparation.Later"/>.</summary>
    public sealed record NotYet(string Reason) : EventPod;

    /// <summary>The action ends without it.</summary>
    public sealed record Stopped(ActionOutcome Outcome) : EventPod;
}
