using Talon.Actors.Clients.Kubernetes.Calls;
using Talon.Actors.Clients.Kubernetes.Connection;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>The ports to the Kubernetes API over one connection. Made once a process; safe for parallel use.</summary>
public sealed class KubernetesPorts
{
    /// <summary>Makes the ports. Nothing is sent yet; the caller disposes the connection.</summary>
    public KubernetesPorts(KubernetesConnection connection, ProtectedNamespaces protectedNamespaces, TimeProvider clock)
    {
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

    internal IPods Pods { get; }

    internal INodes Nodes { get; }

    internal IPodControllers PodControllers { get; }

    internal IJobs Jobs { get; }

    internal IPodExec Exec { get; }

    internal IPodLogs Logs { get; }

    internal IKubeEvents Events { get; }

    internal IResources Resources { get; }
}
