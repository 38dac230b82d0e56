using k8s.Models;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>A controller as its pods are counted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Selector">Which pods may be its own; the owner reference of a pod says whether it is.</param>
/// <param name="Wanted">How many pods it wants; null while that is not known.</param>
public sealed record PodController(string Name, string Uid, V1LabelSelector? Selector, int? Wanted)
{
    /// <summary>A ReplicaSet; where it does not say how many pods it wants, it wants one.</summary>
    /// <param name="set">The ReplicaSet.</param>
    public static PodController From(V1ReplicaSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new PodController(set.Metadata?.Name ?? "", set.Metadata?.Uid ?? "", set.Spec?.Selector, set.Spec?.Replicas ?? 1);
    }

    /// <summary>A StatefulSet; where it does not say how many pods it wants, it wants one.</summary>
    /// <param name="set">The StatefulSet.</param>
    public static PodController From(V1StatefulSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new PodController(set.Metadata?.Name ?? "", set.Metadata?.Uid ?? "", set.Spec?.Selector, set.Spec?.Replicas ?? 1);
    }

    /// <summary>
    /// A DaemonSet. How many nodes are to have a pod of it stands in its status alone, which says nothing before it is about the
    /// present generation: the number of an older one may be far too small.
    /// </summary>
    /// <param name="set">The DaemonSet.</param>
    public static PodController From(V1DaemonSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        bool observed = set.Status?.ObservedGeneration is { } seen && seen >= (set.Metadata?.Generation ?? long.MaxValue);
        return new PodController(
            set.Metadata?.Name ?? "", set.Metadata?.Uid ?? "", set.Spec?.Selector, observed ? set.Status!.DesiredNumberScheduled : null);
    }
}
