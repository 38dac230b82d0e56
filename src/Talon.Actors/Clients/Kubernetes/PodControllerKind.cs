namespace Talon.Actors.Clients.Kubernetes;

/// <summary>A controller of the API group <c>apps</c> that keeps a number of pods itself.</summary>
internal enum PodControllerKind
{
    /// <summary>Usually part of a Deployment.</summary>
    ReplicaSet = 0,

    StatefulSet = 1,

    DaemonSet = 2,
}
