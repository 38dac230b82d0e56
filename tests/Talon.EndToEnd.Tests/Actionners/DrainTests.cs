using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:drain</c> does on any cluster.</summary>
public abstract class DrainSpec(ClusterRig rig)
{
    private const string Drain = "Drain";
    private const string Waiting = "Waiting";
    private const string NotCordoned = "NotCordoned";
    private const string Daemons = "Daemons";
    private const string NoStateful = "NoStateful";
    private const string Healthy = "Healthy";
    private const string Lenient = "Lenient";
    private const string Patient = "Patient";
    private const string Excluding = "Excluding";
    private const string Hold = "talon-e2e/hold";

    internal static ActionnerRow Row => new("kubernetes:drain") { Verb = "patch", Resource = "nodes", Needs = [Needs.Nodes] };

    [ClusterFact(Needs.Nodes)]
    public async Task Run_PodsOnTheNode_AreEvictedByTheirUidsAfterTheCordon()
    {
        var pod = await rig.AddPodAsync("first");
        var other = await rig.AddPodAsync("other");
        var (outcome, cordoned) = await DrainAsync(Patient, pod);
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.True(cordoned);
        Assert.Null(await rig.ReadAsync(pod));
        Assert.Null(await rig.ReadAsync(other));
        var eviction = Assert.Single(EvictionsOf(other));
        Assert.Equal(other.Metadata.Uid, (string?)JsonNode.Parse(eviction.Body)!["deleteOptions"]!["preconditions"]!["uid"]);
        Assert.True(eviction.Number > rig.Requests.First(r => r is { Verb: "patch", Resource: "nodes" }).Number);
    }

    [ClusterFact(Needs.Nodes)]
    public async Task Run_PodOfTalon_IsLeftAloneAndALabelKeepsNoPod()
    {
        var pod = await rig.AddPodAsync("beside-watchers");
        var labelled = await rig.AddPodAsync("labelled", p => p.Metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app.kubernetes.io/name"] = "falco" });
        var own = Workloads.PodSpec();
        own.NodeName = pod.Spec.NodeName;
        await rig.Client.CoreV1.CreateNamespacedPodAsync(new V1Pod { Metadata = new V1ObjectMeta { Name = "talon" }, Spec = own }, rig.OwnNamespace);
        var (outcome, _) = await DrainAsync(Drain, pod);
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains("1 in Talon's own namespace", outcome["output"], StringComparison.Ordinal);
        Assert.True(await rig.IsGoneOrGoingAsync(pod));
        Assert.True(await rig.IsGoneOrGoingAsync(labelled));
        Assert.Null((await rig.Client.CoreV1.ReadNamespacedPodAsync("talon", rig.OwnNamespace)).Metadata.DeletionTimestamp);
    }

    [ClusterFact(Needs.Nodes)]
    public async Task Cordon_False_LeavesTheNodeOpen()
    {
        var pod = await rig.AddPodAsync("open");
        var (outcome, cordoned) = await DrainAsync(NotCordoned, pod);
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.False(cordoned);
        Assert.True(await rig.IsGoneOrGoingAsync(pod));
    }

    [ClusterTheory(Needs.Nodes)]
    [InlineData(Drain, false)]
    [InlineData(Daemons, true)]
    public async Task IgnoreDaemonsets_PodOfOne_IsEvictedOnlyWhenItIsFalse(string rule, bool evicted)
    {
        var pod = await rig.AddDaemonSetAsync($"agents-{rule.ToLowerInvariant()}");
        await IsEvictedAsync(rule, pod, evicted);
        await rig.Client.AppsV1.DeleteNamespacedDaemonSetAsync(pod.Metadata.Labels["app"], rig.Namespace);
    }

    [ClusterTheory(Needs.Nodes)]
    [InlineData(Drain, true)]
    [InlineData(NoStateful, false)]
    public async Task IgnoreStatefulsets_PodOfOne_IsLeftAloneOnlyWhenItIsTrue(string rule, bool evicted)
    {
        var pod = await rig.AddStatefulSetAsync($"store-{rule.ToLowerInvariant()}");
        await IsEvictedAsync(rule, pod, evicted);
        await rig.Client.AppsV1.DeleteNamespacedStatefulSetAsync(pod.Metadata.Labels["app"], rig.Namespace);
    }

    [ClusterFact(Needs.Nodes)]
    public async Task MinHealthyReplicas_OneMustRemain_OnlyTheOtherIsEvicted()
    {
        var pod = await rig.AddReplicaSetAsync("pair", 2);
        var (outcome, _) = await DrainAsync(Healthy, pod);
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Matches("[1-9][0-9]* kept by min_healthy_replicas", outcome["output"]);
        Assert.Single(rig.Requests, r => r is { Subresource: "eviction", Name: { } name } && name.StartsWith("pair-", StringComparison.Ordinal));
        await rig.Client.AppsV1.DeleteNamespacedReplicaSetAsync("pair", rig.Namespace);
    }

    [ClusterTheory(Needs.Nodes)]
    [InlineData(Drain, "failure")]
    [InlineData(Lenient, "success")]
    public async Task IgnoreErrors_ABudgetRefuses_DecidesWhatTheOutcomeIs(string rule, string status)
    {
        string name = $"needed-{rule.ToLowerInvariant()}";
        var pod = await AddBudgetedAsync(name);
        var (outcome, _) = await DrainAsync(rule, pod);
        Assert.Equal(status, outcome.Status);
        Assert.Equal(status == "failure" ? "rejected" : "", outcome.Result);
        Assert.Matches("[1-9][0-9]* refused by a disruption budget", outcome.Text);
        Assert.All(EvictionsOf(pod), eviction => Assert.Equal(429, eviction.Status));
        Assert.False(await rig.IsGoneOrGoingAsync(pod));
        await rig.Client.PolicyV1.DeleteNamespacedPodDisruptionBudgetAsync(name, rig.Namespace);
    }

    [ClusterFact(Needs.Nodes)]
    public async Task MaxWaitPeriod_ABudgetRefusesAtFirst_IsAskedAgain()
    {
        var pod = await AddBudgetedAsync("for-a-while");
        var draining = DrainAsync(Patient, pod);
        await Eventually.TrueAsync(() => EvictionsOf(pod).Any(r => r.Status == 429), () => "the budget does not refuse");
        await rig.Client.PolicyV1.DeleteNamespacedPodDisruptionBudgetAsync("for-a-while", rig.Namespace);
        var (outcome, _) = await draining;
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Null(await rig.ReadAsync(pod));
        Assert.DoesNotContain(rig.Talon.Log, line => line.Action == Patient && line.Status == "retry");
    }

    [ClusterTheory(Needs.Nodes)]
    [InlineData(Waiting, 1)]
    [InlineData(Excluding, 0)]
    public async Task WaitPeriodExcludedNamespaces_PodStaysAfterItsEviction_IsWaitedForUnlessItsNamespaceIsExcluded(string rule, int waitedFor)
    {
        var pod = await rig.AddPodAsync($"held-{rule.ToLowerInvariant()}", p => p.Metadata.Finalizers = [Hold]);
        try
        {
            // Pods of others on the node are waited for as well, and may stay as long.
            int others = await CountOthersAsync(pod);
            var (outcome, _) = await DrainAsync(rule, pod);
            var left = Regex.Match(outcome.Text, "(?<pods>[0-9]+) still there after [0-9]+ s", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
            int stillThere = left.Success ? int.Parse(left.Groups["pods"].Value, CultureInfo.InvariantCulture) : 0;
            Assert.InRange(stillThere, waitedFor, waitedFor + others);
            Assert.Equal(stillThere > 0 ? "failure" : "success", outcome.Status);
            Assert.Equal(waitedFor == 0, outcome.Text.Contains("1 not waited for", StringComparison.Ordinal));
            Assert.Single(EvictionsOf(pod));
        }
        finally
        {
            await rig.Client.CoreV1.PatchNamespacedPodAsync(
                new V1Patch("""{"metadata":{"finalizers":null}}""", V1Patch.PatchType.MergePatch), pod.Metadata.Name, rig.Namespace);
        }
    }

    [ClusterFact(Needs.Nodes)]
    public async Task Run_OneEvictionIsThrottled_IsTriedAgainInTheSameAttempt()
    {
        var pod = await rig.AddPodAsync("throttled");
        var fault = rig.AddFault(pod, FaultRule.Answer(429, 1) with { Subresource = "eviction", RetryAfterSeconds = 1 });
        var (outcome, _) = await DrainAsync(Drain, pod);
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Equal(1, rig.HitsOf(fault));
        Assert.Equal(2, EvictionsOf(pod).Count);
        Assert.True(await rig.IsGoneOrGoingAsync(pod));
    }

    [ClusterFact(Needs.Nodes)]
    public async Task Run_OneEvictionIsForbidden_FailsAndTheOthersAreEvicted()
    {
        var pod = await rig.AddPodAsync("forbidden");
        var other = await rig.AddPodAsync("allowed");
        rig.AddFault(pod, FaultRule.Answer(403) with { Subresource = "eviction" });
        var (outcome, _) = await DrainAsync(Drain, pod);
        Assert.Equal(("failure", "forbidden"), (outcome.Status, outcome.Result));
        Assert.Matches("[1-9][0-9]* failed", outcome.Error);
        Assert.False(await rig.IsGoneOrGoingAsync(pod));
        Assert.True(await rig.IsGoneOrGoingAsync(other));
        await rig.Client.CoreV1.DeleteNamespacedPodAsync("forbidden", rig.Namespace);
    }

    private async Task<int> CountOthersAsync(V1Pod pod) =>
        (await rig.Client.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: $"spec.nodeName={pod.Spec.NodeName}")).Items
            .Count(other => other.Metadata.NamespaceProperty != rig.Namespace);

    private List<RecordedRequest> EvictionsOf(V1Pod pod) => [.. rig.RequestsOf(pod).Where(r => r.Subresource == "eviction")];

    // A pod that a budget lets nobody evict.
    private async Task<V1Pod> AddBudgetedAsync(string name)
    {
        var pod = await rig.AddLabelledPodAsync(name);
        var budget = new V1PodDisruptionBudget
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1PodDisruptionBudgetSpec { MinAvailable = "1", Selector = new V1LabelSelector { MatchLabels = Workloads.Labels(name) } },
        };
        await rig.Client.PolicyV1.CreateNamespacedPodDisruptionBudgetAsync(budget, rig.Namespace);
        await Eventually.TrueAsync(
            async () => (await rig.Client.PolicyV1.ReadNamespacedPodDisruptionBudgetAsync(name, rig.Namespace)).Status is { ExpectedPods: 1, CurrentHealthy: 1 },
            () => $"the budget {name} is not seen");
        return pod;
    }

    private async Task IsEvictedAsync(string rule, V1Pod pod, bool evicted)
    {
        var (outcome, _) = await DrainAsync(rule, pod);
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Equal(evicted ? 1 : 0, EvictionsOf(pod).Count);
        Assert.Equal(evicted, await rig.IsGoneOrGoingAsync(pod));
    }

    private async Task<(LogEvent Outcome, bool Cordoned)> DrainAsync(string rule, V1Pod pod)
    {
        await rig.NodeOfAsync(pod);
        try
        {
            var outcome = await rig.OutcomeAsync(await rig.PostAsync(rule, pod));
            return (outcome, (await rig.Client.CoreV1.ReadNodeAsync(pod.Spec.NodeName)).Spec.Unschedulable == true);
        }
        finally
        {
            await rig.UncordonAsync(pod.Spec.NodeName);
        }
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            Rule(Drain),
            Rule(Waiting, "    max_wait_period: 2\n"),
            Rule(NotCordoned, "    cordon: false\n"),
            Rule(Daemons, "    ignore_daemonsets: false\n"),
            Rule(NoStateful, "    ignore_statefulsets: true\n"),
            Rule(Healthy, "    min_healthy_replicas: \"1\"\n"),
            Rule(Lenient, "    ignore_errors: true\n"),
            Rule(Patient, "    max_wait_period: 60\n"),
            Rule(Excluding, "    max_wait_period: 60\n    wait_period_excluded_namespaces:\n      - " + ClusterRig.NamespaceMark + "\n"));

        private static string Rule(string name, string parameters = "") => SpecRules.Of(name, "kubernetes:drain", parameters);
    }
}

public sealed class DrainOnStandInTests(StandInRig<DrainSpec.RuleSet> rig)
    : DrainSpec(rig), IClassFixture<StandInRig<DrainSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class DrainOnRealClusterTests(RealClusterRig<DrainSpec.RuleSet> rig)
    : DrainSpec(rig), IClassFixture<RealClusterRig<DrainSpec.RuleSet>>;
