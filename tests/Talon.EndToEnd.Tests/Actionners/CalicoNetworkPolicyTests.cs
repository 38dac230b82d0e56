using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>calico:networkpolicy</c> does on any cluster that has the resources of Calico.</summary>
public abstract class CalicoNetworkPolicySpec(ClusterRig rig) : DenyPolicySpec(rig)
{
    private const string First = "First";

    internal static ActionnerRow Row => new("calico:networkpolicy") { Verb = "create", Resource = "networkpolicies", Needs = [Needs.CalicoCrd] };

    [ClusterFact(Needs.CalicoCrd)]
    public async Task Run_PodOfADeployment_TheAddressIsDeniedToItsPodsAndTheRestAllowed()
    {
        var policy = await DenyOneAsync();
        JsonAssert.EqualBut(
            ["tier"],
            """
            {"types":["Egress"],"order":0,"selector":"app == \"shop\"",
             "egress":[{"action":"Deny","destination":{"nets":["203.0.113.7/32"]}},
                       {"action":"Allow","destination":{"nets":["0.0.0.0/0"]}},
                       {"action":"Allow","destination":{"nets":["::/0"]}}]}
            """,
            policy["spec"]);
    }

    [ClusterFact(Needs.CalicoCrd)]
    public async Task Run_MoreAddresses_AreAddedOnce()
    {
        // Calico refuses a rule with addresses of both families.
        var egress = (await DenyMoreAsync())["egress"]!;
        JsonAssert.Equal("""{"action":"Deny","destination":{"nets":["203.0.113.7/32"]}}""", egress[0]);
        JsonAssert.Equal("""{"action":"Deny","destination":{"nets":["2001:db8::7/128"]}}""", egress[1]);
    }

    [ClusterFact(Needs.CalicoCrd)]
    public async Task Allow_Lists_AreAllThatStaysAllowedWithTheDnsOfTheCluster()
    {
        JsonAssert.Equal(
            """
            [{"action":"Deny","destination":{"nets":["203.0.113.7/32"]}},
             {"action":"Allow","destination":{"nets":["10.1.0.0/16"]}},
             {"action":"Allow","destination":{"namespaceSelector":"kubernetes.io/metadata.name in { \"monitoring\" }"}},
             {"action":"Allow","protocol":"UDP","destination":{"namespaceSelector":"kubernetes.io/metadata.name in { \"kube-system\" }","ports":[53]}},
             {"action":"Allow","protocol":"UDP","destination":{"nets":["169.254.20.10/32"],"ports":[53]}},
             {"action":"Allow","protocol":"TCP","destination":{"namespaceSelector":"kubernetes.io/metadata.name in { \"kube-system\" }","ports":[53]}},
             {"action":"Allow","protocol":"TCP","destination":{"nets":["169.254.20.10/32"],"ports":[53]}}]
            """,
            await EgressAsync(Allow, "lists"));
    }

    [ClusterFact(Needs.CalicoCrd)]
    public async Task AllowDns_False_AllowsOnlyTheLists() =>
        Assert.Equal(2, (await EgressAsync(AllowNoDns, "no-dns"))!.AsArray().Count);

    [ClusterFact(Needs.CalicoCrd)]
    public async Task Order_Given_IsThatOfThePolicy()
    {
        var pod = await Rig.AddLabelledPodAsync("ordered");
        Assert.Equal("success", (await Rig.OutcomeAsync(await Rig.PostAsync(First, pod, ("fd.rip", "203.0.113.7")))).Status);
        Assert.Equal(-20, (int?)(await ReadAsync("talon-pod-ordered"))!["spec"]!["order"]);
    }

    [ClusterFact(Needs.CalicoCrd)]
    public async Task Run_PolicyOfThatNameIsNotTalons_IsAConflictAndLeftAsItIs()
    {
        var spec = await MeetForeignAsync(
            """{"apiVersion":"projectcalico.org/v3","kind":"NetworkPolicy","metadata":{"name":"talon-pod-foreign"},"spec":{"selector":"all()"}}""");
        Assert.Equal("all()", (string?)spec["selector"]);
    }

    [ClusterTheory(Needs.CalicoCrd)]
    [InlineData("no-address", null)]
    [InlineData("loopback", "127.0.0.1")]
    [InlineData("no-ip", "203.0.113.7:443")]
    public Task Run_NoAddressToDeny_FailsAndWritesNothing(string name, string? address) => FailWithoutAddressAsync(name, address);

    private protected override string Path => $"/apis/projectcalico.org/v3/namespaces/{Rig.Namespace}/networkpolicies";

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = RulesOf("calico:networkpolicy", SpecRules.Of(First, "calico:networkpolicy", "    order: -20\n"));
    }
}

public sealed class CalicoNetworkPolicyOnStandInTests(StandInRig<CalicoNetworkPolicySpec.RuleSet> rig)
    : CalicoNetworkPolicySpec(rig), IClassFixture<StandInRig<CalicoNetworkPolicySpec.RuleSet>>;

public sealed class CalicoNetworkPolicyOnRealClusterTests(RealClusterRig<CalicoNetworkPolicySpec.RuleSet> rig)
    : CalicoNetworkPolicySpec(rig), IClassFixture<RealClusterRig<CalicoNetworkPolicySpec.RuleSet>>;
