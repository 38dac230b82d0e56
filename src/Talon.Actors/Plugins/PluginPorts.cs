using System.Diagnostics.CodeAnalysis;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Telemetry;
using Talon.Cluster.Locks;

namespace Talon.Actors.Plugins;

/// <summary>
/// Everything a plug-in may be made of, one set a process. Each plug-in takes only what it needs, so that its constructor shows what it can
/// do.
/// </summary>
public sealed record PluginPorts
{
    /// <summary>Makes the ports of a process.</summary>
    public PluginPorts()
    {
    }

    // A copy with another port makes its own resolvers: those of the original hold the ports of the original.
    [SetsRequiredMembers]
    private PluginPorts(PluginPorts original)
    {
        Kubernetes = original.Kubernetes;
        ProtectedNamespaces = original.ProtectedNamespaces;
        Clock = original.Clock;
        Log = original.Log;
        Guards = original.Guards;
    }

    /// <summary>The Kubernetes API.</summary>
    public required KubernetesPorts Kubernetes { get; init; }

    /// <summary>Where nothing is written. The ports refuse it themselves; actionners ask to say so before they begin.</summary>
    public required ProtectedNamespaces ProtectedNamespaces { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>For the progress of long actions. The audit trail logs how they end, from the committed outcome.</summary>
    public required ITalonLog Log { get; init; }

    /// <summary>
    /// One lock across all nodes for each uid of a workload, held while its healthy pods are counted and one of them is taken.
    /// </summary>
    public required IClusterLocks Guards { get; init; }

    /// <summary>Finds the pod of an event.</summary>
    internal PodResolver PodResolver => field ??= new PodResolver(Kubernetes.Pods, ProtectedNamespaces, Clock);

    /// <summary>Finds the node of the pod of an event.</summary>
    internal NodeResolver NodeResolver => field ??= new NodeResolver(Kubernetes.Nodes, PodResolver);

    /// <summary>Finds the container to work in.</summary>
    internal ContainerTarget PodEntry => field ??= new ContainerTarget(Kubernetes.Pods, PodResolver);

    /// <summary>Repeats a write that lost against another.</summary>
    internal ConflictRetry ConflictRetry => field ??= new ConflictRetry(Clock);

    /// <summary>The pods of events for plug-ins other than actionners, which may not use <see cref="PodResolver"/> itself.</summary>
    internal IEventPods EventPods => PodResolver;
}
