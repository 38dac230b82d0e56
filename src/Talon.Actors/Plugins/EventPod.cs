using k8s.Models;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>What came of looking for the pod of an event: a closed set.</summary>
internal abstract record EventPod
{
    private EventPod()
    {
    }

    /// <summary>The pod, just read and made sure to be the one of the event.</summary>
    public sealed record Found(V1Pod Pod) : EventPod;

    /// <summary>Whether it is the pod shows in a moment: see <see cref="Preparation.Later"/>.</summary>
    public sealed record NotYet(string Reason) : EventPod;

    /// <summary>The action ends without it.</summary>
    public sealed record Stopped(ActionOutcome Outcome) : EventPod;
}
