using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Actionners.Removal.Drain;

/// <summary>What happens to each pod of a node, decided before anything is written, so that a dry run can tell.</summary>
/// <param name="Leaving">Pods that were terminating already: not evicted, but waited for.</param>
/// <param name="LeftAlone">How many pods are left alone, by reason.</param>
internal sealed record DrainPlan(
    ImmutableArray<PodTarget.Found> Evict, ImmutableArray<PodTarget.Found> Leaving, ImmutableSortedDictionary<string, int> LeftAlone)
{
    /// <summary>Sorts the pods of a node.</summary>
    public static DrainPlan Of(IEnumerable<V1Pod> pods, DrainParameters parameters, ProtectedNamespaces protectedNamespaces)
    {
        var evict = ImmutableArray.CreateBuilder<PodTarget.Found>();
        var leaving = ImmutableArray.CreateBuilder<PodTarget.Found>();
        var leftAlone = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var pod in pods)
        {
            if (!NamespaceName.TryCreate(pod.Metadata.NamespaceProperty, out var namespaceName) || !KubeName.TryCreate(pod.Metadata.Name, out var name))
            {
                throw new InvalidOperationException("the API server listed a pod without a name");
            }

            var target = new PodTarget.Found(pod, namespaceName, name);
            if (Spared(target, parameters, protectedNamespaces) is { } reason)
            {
                leftAlone[reason] = leftAlone.GetValueOrDefault(reason) + 1;
            }
            else
            {
                (target.Terminating ? leaving : evict).Add(target);
            }
        }

        return new DrainPlan(evict.ToImmutable(), leaving.ToImmutable(), leftAlone.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>What is left alone, as the end of a sentence; empty when nothing is.</summary>
    public string Rest => LeftAlone.IsEmpty ? "" : $"; left alone: {string.Join(", ", LeftAlone.Select(entry => $"{entry.Value} {entry.Key}"))}";

    // Labels do not count here: whoever makes a pod writes them, and could write those that keep it on the node. Talon, and Falco where
    // its namespace is protected, are told by their namespace.
    private static string? Spared(PodTarget.Found target, DrainParameters parameters, ProtectedNamespaces protectedNamespaces)
    {
        var pod = target.Pod;
        return pod switch
        {
            _ when MirrorPods.Is(pod) => "mirror",
            _ when pod.Status?.Phase is "Succeeded" or "Failed" && !target.Terminating => "finished",
            _ when target.Namespace.Value == protectedNamespaces.Own => "in Talon's own namespace",
            _ when protectedNamespaces.Contains(target.Namespace) => "in protected namespaces",
            _ when parameters.IgnoreDaemonSets && target.ControllerOf("DaemonSet") is not null => "of DaemonSets",
            _ when parameters.IgnoreStatefulSets && target.ControllerOf("StatefulSet") is not null => "of StatefulSets",
            _ => null,
        };
    }
}
