using System.Diagnostics.CodeAnalysis;
using Talon.Actors.Plugins;

namespace Talon.Actors.Actionners.Targets;

/// <summary>What an actionner may be made of: the ports of all plug-ins, and what finds and writes its target.</summary>
internal sealed record ActionnerPorts : PluginPorts
{
    [SetsRequiredMembers]
    public ActionnerPorts(PluginPorts ports)
        : base(ports)
    {
        PodResolver = new PodResolver(Kubernetes.Pods, ProtectedNamespaces, Clock);
        NodeResolver = new NodeResolver(Kubernetes.Nodes, PodResolver);
        PodEntry = new ContainerTarget(Kubernetes.Pods, PodResolver);
        ConflictRetry = new ConflictRetry(Clock);
    }

    /// <summary>Finds the pod of an event.</summary>
    public PodResolver PodResolver { get; }

    /// <summary>Finds the node of the pod of an event.</summary>
    public NodeResolver NodeResolver { get; }

    /// <summary>Finds the container to work in.</summary>
    public ContainerTarget PodEntry { get; }

    /// <summary>Repeats a write that lost against another.</summary>
    public ConflictRetry ConflictRetry { get; }
}
