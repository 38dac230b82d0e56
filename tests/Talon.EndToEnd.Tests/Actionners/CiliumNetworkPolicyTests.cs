using System.Text.Json.Nodes;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>cilium:networkpolicy</c> does on any cluster that has the resources of Cilium.</summary>
public abstract class CiliumNetworkPolicySpec(ClusterRig rig)
{
    private const string Deny = "Deny";
    private const string Allow = "Allow";
    private const string AllowNoDns = "AllowNoDns";

    internal static ActionnerRow Row => new("cilium:networkpolicy") { Verb = "create", Resource = "ciliumnetworkpolicies", Needs = [Needs.CiliumCrd] };

    [ClusterFact(Needs.CiliumCrd)]
    public async Task Run_PodOfADeployment_TheAddressIsDeniedToItsPodsAndTheRestAllowed()
    {
        var pod = await rig.AddDeploymentAsync("shop");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Deny, pod, ("fd.rip", "203.0.113.7")));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains("talon-shop", outcome["objects"], StringComparison.Ordinal);
        Assert.Contains("egress to 203.0.113.7/32 is denied", outcome["output"], StringComparison.Ordinal);
        var policy = (await ReadAsync("talon-shop"))!;
        Assert.Equal("talon", (string?)policy["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]);
        var spec = policy["spec"]!.AsObject();
        JsonAssert.Equal("""{"matchLabels":{"k8s:app":"shop"}}""", spec["endpointSelector"]);
        JsonAssert.Equal("""[{"toCIDR":["203.0.113.7/32"]}]""", spec["egressDeny"]);
        JsonAssert.Equal("""[{"toEntities":["all"]}]""", spec["egress"]);
    }

    [ClusterFact(Needs.CiliumCrd)]
    public async Task Run_MoreAddresses_AreAddedOnce()
    {
        var pod = await rig.AddLabelledPodAsync("more");
        foreach (var (address, status) in ((string, string)[])[("203.0.113.7", "success"), ("2001:db8::7", "success"), ("203.0.113.7", "ignored")])
        {
            Assert.Equal(status, (await rig.OutcomeAsync(await rig.PostAsync(Deny, pod, ("fd.sip", address)))).Status);
        }

        JsonAssert.Equal("""[{"toCIDR":["203.0.113.7/32","2001:db8::7/128"]}]""", (await ReadAsync("talon-pod-more"))!["spec"]!["egressDeny"]);
        Assert.Single(rig.Requests, r => r is { Verb: "update", Name: "talon-pod-more" });
    }

    [ClusterFact(Needs.CiliumCrd)]
    public async Task Allow_Lists_AreAllThatStaysAllowedWithTheDnsOfTheCluster()
    {
        var pod = await rig.AddLabelledPodAsync("lists");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Allow, pod, ("fd.rip", "203.0.113.7")))).Status);
        JsonAssert.Equal(
            """
            [{"toCIDR":["10.1.0.0/16"]},
             {"toEndpoints":[{"matchExpressions":[{"key":"k8s:io.kubernetes.pod.namespace","operator":"In","values":["monitoring"]}]}]},
             {"toEndpoints":[{"matchExpressions":[{"key":"k8s:io.kubernetes.pod.namespace","operator":"In","values":["kube-system"]}]}],
              "toPorts":[{"ports":[{"port":"53","protocol":"UDP"},{"port":"53","protocol":"TCP"}]}]}]
            """,
            (await ReadAsync("talon-pod-lists"))!["spec"]!["egress"]);
    }

    [ClusterFact(Needs.CiliumCrd)]
    public async Task AllowDns_False_AllowsOnlyTheLists()
    {
        var pod = await rig.AddLabelledPodAsync("no-dns");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(AllowNoDns, pod, ("fd.rip", "203.0.113.7")))).Status);
        JsonAssert.Equal("""[{"toCIDR":["10.1.0.0/16"]}]""", (await ReadAsync("talon-pod-no-dns"))!["spec"]!["egress"]);
    }

    [ClusterFact(Needs.CiliumCrd)]
    public async Task Run_PolicyOfThatNameIsNotTalons_IsAConflictAndLeftAsItIs()
    {
        var pod = await rig.AddLabelledPodAsync("foreign");
        string manifest = """{"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy","metadata":{"name":"talon-pod-foreign"},"spec":{"endpointSelector":{},"ingress":[{}]}}""";
        await rig.SendAsync(HttpMethod.Post, Path, JsonNode.Parse(manifest)!.AsObject());
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Deny, pod, ("fd.rip", "203.0.113.7")));
        Assert.Equal(("failure", "conflict"), (outcome.Status, outcome.Result));
        Assert.Null((await ReadAsync("talon-pod-foreign"))!["spec"]!["egressDeny"]);
    }

    [ClusterTheory(Needs.CiliumCrd)]
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

    private string Path => $"/apis/cilium.io/v2/namespaces/{rig.Namespace}/ciliumnetworkpolicies";

    private Task<JsonObject?> ReadAsync(string name) => rig.SendAsync(HttpMethod.Get, $"{Path}/{name}");

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            SpecRules.Of(Deny, "cilium:networkpolicy"),
            SpecRules.Of(Allow, "cilium:networkpolicy", "    allow_cidr:\n      - 10.1.0.0/16\n    allow_namespaces:\n      - monitoring\n"),
            SpecRules.Of(AllowNoDns, "cilium:networkpolicy", "    allow_cidr:\n      - 10.1.0.0/16\n    allow_dns: false\n"));
    }
}

public sealed class CiliumNetworkPolicyOnStandInTests(StandInRig<CiliumNetworkPolicySpec.RuleSet> rig)
    : CiliumNetworkPolicySpec(rig), IClassFixture<StandInRig<CiliumNetworkPolicySpec.RuleSet>>;

public sealed class CiliumNetworkPolicyOnRealClusterTests(RealClusterRig<CiliumNetworkPolicySpec.RuleSet> rig)
    : CiliumNetworkPolicySpec(rig), IClassFixture<RealClusterRig<CiliumNetworkPolicySpec.RuleSet>>;
