using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// Events of <c>events.k8s.io/v1</c>. They report on an object and do not change it, so they are also written in protected
/// namespaces. Expected failures are values.
/// </summary>
internal interface IKubeEvents
{
    /// <summary>Creates an event. <see cref="KubeError.AlreadyExists"/> says that the name is taken.</summary>
    /// <param name="namespaceName">Its namespace; that of its object, or <c>default</c> for an object outside any.</param>
    Task<KubeResult<Eventsv1Event>> CreateAsync(NamespaceName namespaceName, KubeName name, Eventsv1Event kubeEvent, CallScope scope);

    /// <summary>
    /// Counts an event that has happened again: nothing else of an event may change. An error with <see cref="KubeError.Replaced"/>
    /// says that another event has the name.
    /// </summary>
    /// <param name="count">How often it has happened in all, from 2.</param>
    Task<KubeResult<Eventsv1Event>> CountAsync(
        NamespaceName namespaceName, KubeName name, string uid, int count, DateTimeOffset lastObserved, CallScope scope);
}
