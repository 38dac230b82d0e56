using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Policies.Kubernetes;

/// <summary>The parameters of <c>kubernetes:networkpolicy</c>.</summary>
/// <param name="Allowances">What the workload may still reach.</param>
internal sealed record KubernetesNetworkPolicyParameters(EgressAllowances Allowances)
{
    public static ParameterSchema Schema { get; } = new(EgressAllowances.DenyAllSpecs);

    /// <summary>Reads parameters as written in a plan. The problems are empty when they are right; else the parameters say nothing.</summary>
    public static (KubernetesNetworkPolicyParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        return (new KubernetesNetworkPolicyParameters(EgressAllowances.Read(map, allByDefault: false)), problems);
    }
}
