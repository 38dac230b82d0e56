namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What tells that a pod is the one of an event.</summary>
internal enum PodEvidence
{
    /// <summary>The event has its uid.</summary>
    Uid = 0,

    /// <summary>The event has the uid of the static pod that it mirrors.</summary>
    StaticUid = 1,

    /// <summary>Its status has the container of the event.</summary>
    ContainerId = 2,

    /// <summary>It was created before the event, and nothing speaks against it.</summary>
    Age = 3,
}
