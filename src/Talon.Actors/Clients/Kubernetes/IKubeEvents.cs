using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// What Talon does with events of <c>events.k8s.io/v1</c>. They are its record about an object, no change of it: they are also written in
/// protected namespaces. Expected failures are values.
/// </summary>
public interface IKubeEvents
{
    /// <summary>Creates an event. <see cref="KubeError.AlreadyExists"/> says that one of that name is there.</summary>
    /// <param name="namespaceName">Its namespace; that of its object, or <c>default</c> for an object outside any.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kubeEvent">The rest of it.</param>
    /// <param name="scope">The leave to call.</param>
    Task<KubeResult<Eventsv1Event>> CreateAsync(NamespaceName namespaceName, KubeName name, Eventsv1Event kubeEvent, CallScope scope);

    /// <summary>
    /// Says that an event has happened again: the only thing of an event that may change. An error with <see cref="KubeError.Replaced"/>
    /// says that another event has the name.
    /// </summary>
    /// <param name="namespaceName">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="uid">The uid it must have.</param>
    /// <param name="count">How often it has happened in all, from 2.</param>
    /// <param name="lastObserved">When it happened last.</param>
    /// <param name="scope">The leave to call.</param>
    Task<KubeResult<Eventsv1Event>> CountAsync(
        NamespaceName namespaceName, KubeName name, string uid, int count, DateTimeOffset lastObserved, CallScope scope);
}
