namespace Talon.Rules.Events;

/// <summary>The names of the output fields that Talon itself reads.</summary>
public static class WellKnownFields
{
    /// <summary>The name of the pod of a system call.</summary>
    public const string PodName = "k8s.pod.name";

    /// <summary>The uid of the pod of a system call.</summary>
    public const string PodUid = "k8s.pod.uid";

    /// <summary>The namespace of the pod of a system call.</summary>
    public const string Namespace = "k8s.ns.name";

    /// <summary>The name of the pod of a system call, from the plug-in k8smeta.</summary>
    public const string MetaPodName = "k8smeta.pod.name";

    /// <summary>The uid of the pod of a system call, from the plug-in k8smeta.</summary>
    public const string MetaPodUid = "k8smeta.pod.uid";

    /// <summary>The namespace of the pod of a system call, from the plug-in k8smeta.</summary>
    public const string MetaNamespace = "k8smeta.ns.name";

    /// <summary>The first 12 hex digits of the container id, or <c>host</c>.</summary>
    public const string ContainerId = "container.id";

    /// <summary>The pod that a call to the API server names beside its target.</summary>
    public const string TargetPodName = "ka.target.pod.name";

    /// <summary>The object that a call to the API server is about.</summary>
    public const string TargetName = "ka.target.name";

    /// <summary>The namespace of that object.</summary>
    public const string TargetNamespace = "ka.target.namespace";

    /// <summary>The kind of that object, plural and in lower case.</summary>
    public const string TargetResource = "ka.target.resource";

    /// <summary>The remote address of a connection.</summary>
    public const string RemoteIp = "fd.rip";

    /// <summary>The server's address of a connection.</summary>
    public const string ServerIp = "fd.sip";

    /// <summary>The remote port of a connection.</summary>
    public const string RemotePort = "fd.rport";

    /// <summary>The server's port of a connection.</summary>
    public const string ServerPort = "fd.sport";

    /// <summary>The remote protocol of a connection.</summary>
    public const string RemoteProtocol = "fd.rproto";

    /// <summary>The server's protocol of a connection.</summary>
    public const string ServerProtocol = "fd.sproto";

    /// <summary>What Falco writes where it does not know a value.</summary>
    public const string NotAvailable = "<NA>";
}
