using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Searches pods for many container ids at once: a pod is compared with the few ids that begin like one of its own.</summary>
internal sealed class WantedContainers
{
    private readonly ILookup<string, ContainerId> _byBeginning;
    private readonly Dictionary<string, IReadOnlyList<PodReference>> _found = new(StringComparer.Ordinal);

    public WantedContainers(IReadOnlyList<ContainerId> ids) => _byBeginning = ids.ToLookup(id => id.Value[..ContainerId.MinLength], StringComparer.Ordinal);

    /// <summary>The pods by the wanted id that is, or begins, one of their containers'.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PodReference>> Found => _found;

    /// <summary>Whether a pod was found for the id.</summary>
    public bool Has(ContainerId id) => _found.ContainsKey(id.Value);

    /// <summary>Searches these pods too. One that was searched before counts once.</summary>
    public void Search(IEnumerable<V1Pod> pods)
    {
        foreach (var pod in pods)
        {
            var reference = new PodReference(pod.Metadata.NamespaceProperty, pod.Metadata.Name, pod.Metadata.Uid);
            foreach (var id in ContainerStatuses.All(pod).SelectMany(ContainerStatuses.Ids).SelectMany(WantedBy).Distinct())
            {
                var others = _found.GetValueOrDefault(id.Value) ?? [];
                _found[id.Value] = [.. others.Where(other => other.Uid != reference.Uid), reference];
            }
        }
    }

    private IEnumerable<ContainerId> WantedBy(string? statusId) =>
        ContainerId.BeginningOf(statusId) is { } beginning ? _byBeginning[beginning].Where(id => id.IsPrefixOf(statusId)) : [];
}
