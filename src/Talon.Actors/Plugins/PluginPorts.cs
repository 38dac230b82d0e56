using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Telemetry;
using Talon.Cluster.Locks;

namespace Talon.Actors.Plugins;

/// <summary>
/// Everything a plug-in may be made of, one set a process. Each plug-in takes only what it needs, so that its constructor shows what it can
/// do.
/// </summary>
public record PluginPorts
{
    /// <summary>The Kubernetes API.</summary>
    public required KubernetesPorts Kubernetes { get; init; }

    /// <summary>Where nothing is written. The ports refuse it themselves; actionners ask to say so before they begin.</summary>
    public required ProtectedNamespaces ProtectedNamespaces { get; init; }

    /// <summary>The way to AWS.</summary>
    public required AwsConnection Aws { get; init; }

    /// <summary>The way to Google Cloud.</summary>
    public required GcpConnection Gcp { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>For the progress of long actions. The audit trail logs how they end, from the committed outcome.</summary>
    public required ITalonLog Log { get; init; }

    /// <summary>
    /// One lock across all nodes for each uid of a workload, held while its healthy pods are counted and one of them is taken.
    /// </summary>
    public required IClusterLocks Locks { get; init; }
}
