using System.Text.Json.Nodes;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:networkpolicy</c> does on any cluster.</summary>
public abstract class KubernetesNetworkPolicySpec(ClusterRig rig)
{
    private const string Isolate = "Isolate";
    private const string Allow = "Allow";
    private const string AllowNoDns = "AllowNoDns";
    private const string Connect = "Connect";

    internal static ActionnerRow Row => new("kubernetes:networkpolicy") { Verb = "create", Resource = "networkpolicies" };

    [ClusterFact]
    public async Task Run_PodOfADeployment_IsolatesAllPodsOfTheDeployment()
    {
        var pod = await rig.AddDeploymentAsync("shop");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Isolate, pod));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains("talon-shop", outcome["objects"], StringComparison.Ordinal);
        Assert.Contains("its pods may reach nothing", outcome["output"], StringComparison.Ordinal);
        var policy = (await ReadAsync("talon-shop"))!;
        Assert.Equal("talon", (string?)policy["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]);
        Assert.Equal("Deployment", (string?)policy["metadata"]!["annotations"]!["talon/owner-kind"]);
        JsonAssert.Equal("""{"podSelector":{"matchLabels":{"app":"shop"}},"policyTypes":["Egress"]}""", policy["spec"]);
    }

    [ClusterFact]
    public async Task AllowCidrAndAllowNamespaces_Given_AreAllowedWithTheDnsOfTheCluster()
    {
        var pod = await rig.AddLabelledPodAsync("lists");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Allow, pod))).Status);
        JsonAssert.Equal(
            """
            [
              {"to":[{"ipBlock":{"cidr":"10.1.0.0/16"}},{"ipBlock":{"cidr":"2001:db8::/32"}},
                     {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"monitoring"}}}]},
              {"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}}},{"ipBlock":{"cidr":"169.254.20.10/32"}}],
               "ports":[{"protocol":"UDP","port":53},{"protocol":"TCP","port":53}]}
            ]
            """,
            (await ReadAsync("talon-pod-lists"))!["spec"]!["egress"]);
    }

    [ClusterFact]
    public async Task AllowDns_False_AllowsOnlyTheLists()
    {
        var pod = await rig.AddLabelledPodAsync("no-dns");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(AllowNoDns, pod))).Status);
        JsonAssert.Equal("""[{"to":[{"ipBlock":{"cidr":"10.1.0.0/16"}}]}]""", (await ReadAsync("talon-pod-no-dns"))!["spec"]!["egress"]);
    }

    [ClusterFact]
    public async Task Run_SameAgain_ChangesNothing()
    {
        var pod = await rig.AddLabelledPodAsync("twice");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Isolate, pod))).Status);
        var before = await ReadAsync("talon-pod-twice");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Isolate, pod));
        Assert.Equal("ignored", outcome.Status);
        Assert.StartsWith("already isolated", outcome.Result);
        JsonAssert.Equal(before!.ToJsonString(), await ReadAsync("talon-pod-twice"));
    }

    [ClusterFact]
    public async Task Run_OtherListsForTheSameWorkload_ReplaceThoseBefore()
    {
        var pod = await rig.AddLabelledPodAsync("changed");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Isolate, pod))).Status);
        rig.AddFault(FaultRule.Answer(409, 1, "update") with { Resource = "networkpolicies", Name = "^talon-pod-changed$" });
        var posted = await rig.PostAsync(AllowNoDns, pod);
        var outcome = await rig.OutcomeAsync(posted);
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Empty(rig.RetriesOf(posted));
        Assert.Equal([409, 200], rig.Requests.Where(r => r is { Verb: "update", Name: "talon-pod-changed" }).Select(r => r.Status));
        JsonAssert.Equal("""[{"to":[{"ipBlock":{"cidr":"10.1.0.0/16"}}]}]""", (await ReadAsync("talon-pod-changed"))!["spec"]!["egress"]);
    }

    [ClusterFact]
    public async Task Run_PolicyOfThatNameIsNotTalons_IsAConflictAndLeftAsItIs()
    {
        var pod = await rig.AddLabelledPodAsync("foreign");
        var before = await rig.SendAsync(HttpMethod.Post, Path, JsonNode.Parse("""{"metadata":{"name":"talon-pod-foreign"},"spec":{"podSelector":{}}}""")!.AsObject());
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Isolate, pod));
        Assert.Equal(("failure", "conflict"), (outcome.Status, outcome.Result));
        Assert.Contains("not managed by Talon", outcome.Error, StringComparison.Ordinal);
        Assert.Equal((string?)before!["metadata"]!["resourceVersion"], (string?)(await ReadAsync("talon-pod-foreign"))!["metadata"]!["resourceVersion"]);
    }

    [ClusterFact]
    public async Task Run_PodWithoutLabelsAndOwner_FailsAsAPolicyWouldHoldAllPods()
    {
        var pod = await rig.AddPodAsync("bare");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Isolate, pod));
        Assert.Equal(("failure", "invalid"), (outcome.Status, outcome.Result));
        Assert.Null(await ReadAsync("talon-pod-bare"));
    }

    [ClusterFact]
    public async Task Run_AnotherPolicySelectsThePods_TheOutcomeNamesIt()
    {
        var pod = await rig.AddLabelledPodAsync("shared");
        await rig.SendAsync(
            HttpMethod.Post,
            Path,
            JsonNode.Parse("""{"metadata":{"name":"wide-open"},"spec":{"podSelector":{"matchLabels":{"app":"shared"}},"policyTypes":["Egress"],"egress":[{}]}}""")!.AsObject());
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Isolate, pod));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains("may still let traffic through: wide-open", outcome["output"], StringComparison.Ordinal);
    }

    /// <summary>Connects from the pod to the API server of the cluster until that no longer works.</summary>
    [ClusterFact(Needs.Cni, Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_NetworkObeysPolicies_ThePodReachesNothingAnyMore()
    {
        var pod = await rig.AddShellPodAsync("cut-off", p => p.Metadata.Labels = Workloads.Labels("cut-off"));
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Connect, pod))).Status);
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Isolate, pod))).Status);
        await Eventually.TrueAsync(
            async () => (await rig.OutcomeAsync(await rig.PostAsync(Connect, pod))).Status == "failure", () => "the pod still reaches the API server");
    }

    private string Path => $"/apis/networking.k8s.io/v1/namespaces/{rig.Namespace}/networkpolicies";

    private Task<JsonObject?> ReadAsync(string name) => rig.SendAsync(HttpMethod.Get, $"{Path}/{name}");

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            SpecRules.Of(Isolate, "kubernetes:networkpolicy"),
            SpecRules.Of(
                Allow, "kubernetes:networkpolicy", "    allow_cidr:\n      - 10.1.0.0/16\n      - 2001:db8::/32\n    allow_namespaces:\n      - monitoring\n"),
            SpecRules.Of(AllowNoDns, "kubernetes:networkpolicy", "    allow_cidr:\n      - 10.1.0.0/16\n    allow_dns: false\n"),
            SpecRules.Of(
                Connect,
                "kubernetes:exec",
                "    command: nc -w 3 \"$KUBERNETES_SERVICE_HOST\" \"$KUBERNETES_SERVICE_PORT\" </dev/null\n    allow_unset_variables: true\n"));
    }
}

public sealed class KubernetesNetworkPolicyOnStandInTests(StandInRig<KubernetesNetworkPolicySpec.RuleSet> rig)
    : KubernetesNetworkPolicySpec(rig), IClassFixture<StandInRig<KubernetesNetworkPolicySpec.RuleSet>>;

public sealed class KubernetesNetworkPolicyOnRealClusterTests(RealClusterRig<KubernetesNetworkPolicySpec.RuleSet> rig)
    : KubernetesNetworkPolicySpec(rig), IClassFixture<RealClusterRig<KubernetesNetworkPolicySpec.RuleSet>>;
