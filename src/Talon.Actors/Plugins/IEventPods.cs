using Talon.Actors.Clients.Calls;

namespace Talon.Actors.Plugins;

/// <summary>Finds the pod of an event, for plug-ins that only read it.</summary>
internal interface IEventPods
{
    Task<EventPod> FindAsync(ActionRequest request, CallScope scope);
}
