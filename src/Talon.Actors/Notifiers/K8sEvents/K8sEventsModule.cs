using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.K8sEvents;

/// <summary><c>k8sevents</c> as the catalog lists it.</summary>
internal static class K8sEventsModule
{
    public static NotifierModule Module { get; } = new(
        typeof(K8sEventsModule),
        new NotifierDescriptor
        {
            Name = "k8sevents",
            Description = "Writes an event of Kubernetes (events.k8s.io/v1) about the object of the action, in its namespace; a Warning when it failed.",
            Settings = ParameterSchema.None with { Word = "setting" },
        },
        // In a pod the name of the machine is that of the pod.
        create: (ports, _) => new K8sEventsNotifier(ports, Environment.MachineName));
}
