using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Telemetry;
using Talon.Cluster.Guarding;

namespace Talon.Actors.Plugins;

/// <summary>Everything an actionner may be made of. Each takes only what it needs, so that its constructor shows what it can do. One a process.</summary>
public sealed record ActionnerPorts
{
    /// <summary>The Kubernetes API.</summary>
    public required KubernetesPorts Kubernetes { get; init; }

    /// <summary>Where nothing is written. The ports refuse it themselves; actionners ask to say so before they begin.</summary>
    public required ProtectedNamespaces ProtectedNamespaces { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>For what a long action says on its way. How it ends is written by the audit trail, from the committed outcome.</summary>
    public required ITalonLog Log { get; init; }

    /// <summary>Held, by the uid of a workload, while its healthy pods are counted and one of them is taken: by all actionners of all nodes together.</summary>
    public required IGuards Guards { get; init; }

    /// <summary>The pods of events, for contexts: what finds them is shared by the actionners, and no other plug-in may use theirs.</summary>
    internal IEventPods EventPods => new PodResolver(Kubernetes.Pods, ProtectedNamespaces, Clock);
}
