using System.Text.Json.Nodes;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>calico:networkpolicy</c> does on any cluster that has the resources of Calico.</summary>
public abstract class CalicoNetworkPolicySpec(ClusterRig rig)
{
    private const string Deny = "Deny";
    private const string Allow = "Allow";
    private const string AllowNoDns = "AllowNoDns";
    private const string First = "First";

    internal static ActionnerRow Row => new("calico:networkpolicy") { Verb = "create", Resource = "networkpolicies", Needs = [Needs.CalicoCrd] };

    [ClusterFact(Needs.CalicoCrd)]
    public async Task Run_PodOfADeployment_TheAddressIsDeniedToItsPodsAndTheRestAllowed()
    {
        var pod = await rig.AddDeploymentAsync("shop");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Deny, pod, ("fd.rip", "203.0.113.7")));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains("talon-shop", outcome["objects"], StringComparison.Ordinal);
        Assert.Contains("egress to 203.0.113.7/32 is denied", outcome["output"], StringComparison.Ordinal);
        var policy = (await ReadAsync("talon-shop"))!;
        Assert.Equal("talon", (string?)policy["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]);
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
        var pod = await rig.AddLabelledPodAsync("more");
        foreach (var (address, status) in ((string, string)[])[("203.0.113.7", "success"), ("2001:db8::7", "success"), ("203.0.113.7", "ignored")])
        {
            Assert.Equal(status, (await rig.OutcomeAsync(await rig.PostAsync(Deny, pod, ("fd.sip", address)))).Status);
        }

        // Calico refuses a rule with addresses of both families.
        var egress = (await ReadAsync("talon-pod-more"))!["spec"]!["egress"]!;
        JsonAssert.Equal("""{"action":"Deny","destination":{"nets":["203.0.113.7/32"]}}""", egress[0]);
        JsonAssert.Equal("""{"action":"Deny","destination":{"nets":["2001:db8::7/128"]}}""", egress[1]);
        Assert.Single(rig.Requests, r => r is { Verb: "update", Name: "talon-pod-more" });
    }

    [ClusterFact(Needs.CalicoCrd)]
    public async Task Allow_Lists_AreAllThatStaysAllowedWithTheDnsOfTheCluster()
    {
        var pod = await rig.AddLabelledPodAsync("lists");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Allow, pod, ("fd.rip", "203.0.113.7")))).Status);
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
            (await ReadAsync("talon-pod-lists"))!["spec"]!["egress"]);
    }

    [ClusterFact(Needs.CalicoCrd)]
    public async Task AllowDns_False_AllowsOnlyTheLists()
    {
        var pod = await rig.AddLabelledPodAsync("no-dns");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(AllowNoDns, pod, ("fd.rip", "203.0.113.7")))).Status);
        Assert.Equal(2, (await ReadAsync("talon-pod-no-dns"))!["spec"]!["egress"]!.AsArray().Count);
    }

    [ClusterFact(Needs.CalicoCrd)]
    public async Task Order_Given_IsThatOfThePolicy()
    {
        var pod = await rig.AddLabelledPodAsync("ordered");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(First, pod, ("fd.rip", "203.0.113.7")))).Status);
        Assert.Equal(-20, (int?)(await ReadAsync("talon-pod-ordered"))!["spec"]!["order"]);
    }

    [ClusterFact(Needs.CalicoCrd)]
    public async Task Run_PolicyOfThatNameIsNotTalons_IsAConflictAndLeftAsItIs()
    {
        var pod = await rig.AddLabelledPodAsync("foreign");
        string manifest = """{"apiVersion":"projectcalico.org/v3","kind":"NetworkPolicy","metadata":{"name":"talon-pod-foreign"},"spec":{"selector":"all()"}}""";
        await rig.SendAsync(HttpMethod.Post, Path, JsonNode.Parse(manifest)!.AsObject());
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Deny, pod, ("fd.rip", "203.0.113.7")));
        Assert.Equal(("failure", "conflict"), (outcome.Status, outcome.Result));
        Assert.Equal("all()", (string?)(await ReadAsync("talon-pod-foreign"))!["spec"]!["selector"]);
    }

    [ClusterTheory(Needs.CalicoCrd)]
    [InlineData("no-address", null)]
    [InlineData("loopback", "127.0.0.1")]
    [InlineData("no-ip", "203.0.113.7:443")]
    public async Task Run_NoAddressToDeny_FailsAndWritesNothing(string name, string? address)
    {
        var pod = await rig.AddLabelledPodAsync(name);
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Deny, pod, ("fd.rip", address)));
        Assert.Equal(("failure", "invalid"), (outcome.Status, outcome.Result));
        Assert.Null(await ReadAsync($"talon-pod-{name}"));
    }

    private string Path => $"/apis/projectcalico.org/v3/namespaces/{rig.Namespace}/networkpolicies";

    private Task<JsonObject?> ReadAsync(string name) => rig.SendAsync(HttpMethod.Get, $"{Path}/{name}");

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            SpecRules.Of(Deny, "calico:networkpolicy"),
            SpecRules.Of(Allow, "calico:networkpolicy", "    allow_cidr:\n      - 10.1.0.0/16\n    allow_namespaces:\n      - monitoring\n"),
            SpecRules.Of(AllowNoDns, "calico:networkpolicy", "    allow_cidr:\n      - 10.1.0.0/16\n    allow_dns: false\n"),
            SpecRules.Of(First, "calico:networkpolicy", "    order: -20\n"));
    }
}

public sealed class CalicoNetworkPolicyOnStandInTests(StandInRig<CalicoNetworkPolicySpec.RuleSet> rig)
    : CalicoNetworkPolicySpec(rig), IClassFixture<StandInRig<CalicoNetworkPolicySpec.RuleSet>>;

public sealed class CalicoNetworkPolicyOnRealClusterTests(RealClusterRig<CalicoNetworkPolicySpec.RuleSet> rig)
    : CalicoNetworkPolicySpec(rig), IClassFixture<RealClusterRig<CalicoNetworkPolicySpec.RuleSet>>;
