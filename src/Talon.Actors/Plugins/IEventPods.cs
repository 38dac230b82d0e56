using k8s.Models;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>Finds the pod of an event, for plug-ins that only read it.</summary>
internal interface IEventPods
{
    /// <summary>The pod, just read and made sure to be the one of the event; or how the action ends without it.</summary>
    /// <param name="request">The attempt.</param>
    /// <param name="scope">The leave to call.</param>
    Task<(V1Pod? Pod, ActionOutcome? Stop)> FindAsync(ActionRequest request, CallScope scope);
}
