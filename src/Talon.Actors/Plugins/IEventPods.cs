using Talon.Actors.Clients.Calls;

namespace Talon.Actors.Plugins;

/// <summary>Finds the pod of an event, for plug-ins that only read it.</summary>
internal interface IEventPods
{
    /// <summary>The pod of the event.</summary>
    /// <param name="request">The attempt.</param>
    /// <param name="scope">The leave to call.</param>
    Task<EventPod> FindAsync(ActionRequest request, CallScope scope);
}
