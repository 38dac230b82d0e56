using System.Collections.Immutable;
using k8s.Models;

namespace Talon.Actors.Contexts.K8sNode;

/// <summary>What the context tells of a node.</summary>
/// <param name="Values">The values by key; those that are empty are left out.</param>
internal sealed record NodeFacts(ImmutableSortedDictionary<string, string> Values)
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static NodeFacts Of(V1Node node)
    {
        var labels = node.Metadata.Labels ?? ImmutableDictionary<string, string>.Empty;
        string? Label(string name) => labels.TryGetValue(name, out string? value) ? value : null;
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                values[key] = value;
            }
        }

        Add("node.hostname", Label("kubernetes.io/hostname"));
        Add("node.instancetype", Label("node.kubernetes.io/instance-type"));
        Add("node.role", Label("kubernetes.io/role") is { Length: > 0 } legacy ? legacy : Roles(labels.Keys));
        Add("node.topology.region", Label("topology.kubernetes.io/region"));
        Add("node.topology.zone", Label("topology.kubernetes.io/zone"));
        Add("node.spec.providerid", node.Spec?.ProviderID);
        return new NodeFacts(values.ToImmutable());
    }

    // kubeadm and others say the role in the name of a label; the one with the role as its value is no longer set.
    private static string Roles(IEnumerable<string> labels) => string.Join(',', labels
        .Where(name => name.StartsWith(RolePrefix, StringComparison.Ordinal) && name.Length > RolePrefix.Length)
        .Select(name => name[RolePrefix.Length..])
        .Order(StringComparer.Ordinal));
}
