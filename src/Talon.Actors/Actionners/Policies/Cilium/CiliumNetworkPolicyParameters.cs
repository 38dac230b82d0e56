using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Policies.Cilium;

/// <summary>The parameters of <c>cilium:networkpolicy</c>.</summary>
internal sealed record CiliumNetworkPolicyParameters(EgressAllowances Allowances)
{
    public static ParameterSchema Schema { get; } = new(EgressAllowances.AllowAllSpecs);

    public static (CiliumNetworkPolicyParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        return (new CiliumNetworkPolicyParameters(EgressAllowances.Read(map, allByDefault: true)), problems);
    }
}
