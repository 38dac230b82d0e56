using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Policies.Calico;

/// <summary>The parameters of <c>calico:networkpolicy</c>.</summary>
/// <param name="Order">The order of the policy: lower numbers come first.</param>
internal sealed record CalicoNetworkPolicyParameters(EgressAllowances Allowances, int Order)
{
    public static ParameterSchema Schema { get; } = new(
    [
        .. EgressAllowances.AllowAllSpecs,
        new ParameterSpec
        {
            Name = "order",
            Type = ParameterType.Whole,
            DefaultText = "0",
            Description = "The place of the policy among others of its tier; those with a lower number come first.",
            Range = new WholeRange(int.MinValue, int.MaxValue),
        },
    ]);

    public static (CalicoNetworkPolicyParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        return (new CalicoNetworkPolicyParameters(EgressAllowances.Read(map, allByDefault: true), (int)(map.GetWhole("order") ?? 0)), problems);
    }
}
