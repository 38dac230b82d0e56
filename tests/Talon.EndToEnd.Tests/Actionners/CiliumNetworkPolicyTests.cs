using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>cilium:networkpolicy</c> does on any cluster that has the resources of Cilium.</summary>
public abstract class CiliumNetworkPolicySpec(ClusterRig rig) : DenyPolicySpec(rig)
{
    internal static ActionnerRow Row => new("cilium:networkpolicy") { Verb = "create", Resource = "ciliumnetworkpolicies", Needs = [Needs.CiliumCrd] };

    [ClusterFact(Needs.CiliumCrd)]
    public async Task Run_PodOfADeployment_TheAddressIsDeniedToItsPodsAndTheRestAllowed()
    {
        var policy = await DenyOneAsync();
        var spec = policy["spec"]!.AsObject();
        JsonAssert.Equal("""{"matchLabels":{"k8s:app":"shop"}}""", spec["endpointSelector"]);
        JsonAssert.Equal("""[{"toCIDR":["203.0.113.7/32"]}]""", spec["egressDeny"]);
        JsonAssert.Equal("""[{"toEntities":["all"]}]""", spec["egress"]);
    }

    [ClusterFact(Needs.CiliumCrd)]
    public async Task Run_MoreAddresses_AreAddedOnce() =>
        JsonAssert.Equal("""[{"toCIDR":["203.0.113.7/32","2001:db8::7/128"]}]""", (await DenyMoreAsync())["egressDeny"]);

    [ClusterFact(Needs.CiliumCrd)]
    public async Task Allow_Lists_AreAllThatStaysAllowedWithTheDnsOfTheCluster()
    {
        JsonAssert.Equal(
            """
            [{"toCIDR":["10.1.0.0/16"]},
             {"toEndpoints":[{"matchExpressions":[{"key":"k8s:io.kubernetes.pod.namespace","operator":"In","values":["monitoring"]}]}]},
             {"toEndpoints":[{"matchExpressions":[{"key":"k8s:io.kubernetes.pod.namespace","operator":"In","values":["kube-system"]}]}],
              "toPorts":[{"ports":[{"port":"53","protocol":"UDP"},{"port":"53","protocol":"TCP"}]}]}]
            """,
            await EgressAsync(Allow, "lists"));
    }

    [ClusterFact(Needs.CiliumCrd)]
    public async Task AllowDns_False_AllowsOnlyTheLists() =>
        JsonAssert.Equal("""[{"toCIDR":["10.1.0.0/16"]}]""", await EgressAsync(AllowNoDns, "no-dns"));

    [ClusterFact(Needs.CiliumCrd)]
    public async Task Run_PolicyOfThatNameIsNotTalons_IsAConflictAndLeftAsItIs()
    {
        var spec = await MeetForeignAsync(
            """{"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy","metadata":{"name":"talon-pod-foreign"},"spec":{"endpointSelector":{},"ingress":[{}]}}""");
        Assert.Null(spec["egressDeny"]);
    }

    [ClusterTheory(Needs.CiliumCrd)]
    [InlineData("no-address", null)]
    [InlineData("loopback", "127.0.0.1")]
    [InlineData("no-ip", "203.0.113.7:443")]
    public Task Run_NoAddressToDeny_FailsAndWritesNothing(string name, string? address) => FailWithoutAddressAsync(name, address);

    private protected override string Path => $"/apis/cilium.io/v2/namespaces/{Rig.Namespace}/ciliumnetworkpolicies";

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = RulesOf("cilium:networkpolicy");
    }
}

public sealed class CiliumNetworkPolicyOnStandInTests(StandInRig<CiliumNetworkPolicySpec.RuleSet> rig)
    : CiliumNetworkPolicySpec(rig), IClassFixture<StandInRig<CiliumNetworkPolicySpec.RuleSet>>;

public sealed class CiliumNetworkPolicyOnRealClusterTests(RealClusterRig<CiliumNetworkPolicySpec.RuleSet> rig)
    : CiliumNetworkPolicySpec(rig), IClassFixture<RealClusterRig<CiliumNetworkPolicySpec.RuleSet>>;
