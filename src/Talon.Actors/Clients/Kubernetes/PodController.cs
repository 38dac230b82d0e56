using k8s.Models;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What counting the pods of a controller needs to know of it.</summary>
/// <param name="Selector">Which pods may be its own; the owner reference of a pod says whether it is.</param>
/// <param name="Wanted">How many pods it wants; null while that is not known.</param>
internal sealed record PodController(string Name, string Uid, V1LabelSelector? Selector, int? Wanted)
{
    /// <summary>A ReplicaSet; where it does not say how many pods it wants, it wants one.</summary>
    public static PodController From(V1ReplicaSet set) =>
        new(set.Metadata?.Name ?? "", set.Metadata?.Uid ?? "", set.Spec?.Selector, set.Spec?.Replicas ?? 1);

    /// <summary>A StatefulSet; where it does not say how many pods it wants, it wants one.</summary>
    public static PodController From(V1StatefulSet set) =>
        new(set.Metadata?.Name ?? "", set.Metadata?.Uid ?? "", set.Spec?.Selector, set.Spec?.Replicas ?? 1);

    /// <summary>
    /// A DaemonSet. Only its status says how many nodes are to have a pod of it, and only once it is about the present generation: the
    /// number of an older one may be far too small.
    /// </summary>
    public static PodController From(V1DaemonSet set)
    {
        bool observed = set.Status?.ObservedGeneration is { } seen && seen >= (set.Metadata?.Generation ?? long.MaxValue);
        return new PodController(
            set.Metadata?.Name ?? "", set.Metadata?.Uid ?? "", set.Spec?.Selector, observed ? set.Status!.DesiredNumberScheduled : null);
    }
}
