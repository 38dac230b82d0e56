using Talon.Actors.Clients.Kubernetes.Calls;
using Talon.Actors.Clients.Kubernetes.Connection;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>The ports to the Kubernetes API over one connection. Made once a process; safe for parallel use.</summary>
public sealed class KubernetesPorts
{
    /// <summary>Makes the ports. Nothing is sent yet.</summary>
    /// <param name="connection">The connection; it stays the caller's to dispose.</param>
    /// <param name="protectedNamespaces">Where nothing is written.</param>
    /// <param name="clock">The clock.</param>
    public KubernetesPorts(KubernetesConnection connection, ProtectedNamespaces protectedNamespaces, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(protectedNamespaces);
        ArgumentNullException.ThrowIfNull(clock);
        var caller = new KubeCaller(connection, protectedNamespaces, clock);
        Pods = new KubePods(caller, new PodFinder(caller, clock));
        Nodes = new KubeNodes(caller);
        PodControllers = new KubePodControllers(caller);
        Jobs = new KubeJobs(caller);
        Exec = new KubePodExec(connection, protectedNamespaces, clock);
        Logs = new KubePodLogs(caller);
        Events = new KubeEvents(caller);
        Resources = new KubeResources(caller);
    }

    /// <summary>Pods.</summary>
    public IPods Pods { get; }

    /// <summary>Nodes.</summary>
    public INodes Nodes { get; }

    /// <summary>The controllers that keep a number of pods.</summary>
    public IPodControllers PodControllers { get; }

    /// <summary>The Jobs that Talon makes for its own actions.</summary>
    public IJobs Jobs { get; }

    /// <summary>Commands in containers.</summary>
    public IPodExec Exec { get; }

    /// <summary>What containers have printed.</summary>
    public IPodLogs Logs { get; }

    /// <summary>Events.</summary>
    public IKubeEvents Events { get; }

    /// <summary>Objects of any kind.</summary>
    public IResources Resources { get; }
}
