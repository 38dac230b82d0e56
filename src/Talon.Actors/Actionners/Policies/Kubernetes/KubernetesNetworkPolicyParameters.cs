using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Policies.Kubernetes;

/// <summary>The parameters of <c>kubernetes:networkpolicy</c>.</summary>
internal sealed record KubernetesNetworkPolicyParameters(EgressAllowances Allowances)
{
    public static ParameterSchema Schema { get; } = new(EgressAllowances.DenyAllSpecs);

    public static (KubernetesNetworkPolicyParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        return (new KubernetesNetworkPolicyParameters(EgressAllowances.Read(map, allByDefault: false)), problems);
    }
}
