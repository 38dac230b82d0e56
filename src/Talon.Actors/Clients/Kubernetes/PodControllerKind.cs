namespace Talon.Actors.Clients.Kubernetes;

/// <summary>A controller of the group apps that keeps a number of pods itself.</summary>
public enum PodControllerKind
{
    /// <summary>A ReplicaSet, for most a part of a Deployment.</summary>
    ReplicaSet = 0,

    /// <summary>A StatefulSet.</summary>
    StatefulSet = 1,

    /// <summary>A DaemonSet.</summary>
    DaemonSet = 2,
}
