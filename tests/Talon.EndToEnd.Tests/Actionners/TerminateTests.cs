using System.Text.Json.Nodes;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:terminate</c> does on any cluster.</summary>
public abstract class TerminateSpec(ClusterRig rig)
{
    private const string Plain = "Plain";
    private const string Grace = "Grace";
    private const string Daemons = "Daemons";
    private const string Stateful = "Stateful";
    private const string Standalone = "Standalone";
    private const string Healthy = "Healthy";

    internal static ActionnerRow Row => new("kubernetes:terminate") { Verb = "delete", GoneIsFine = true };

    [ClusterFact]
    public async Task Run_RunningPod_IsTerminatedByItsUid()
    {
        var pod = await rig.AddPodAsync("victim");
        var bystander = await rig.AddPodAsync("bystander");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Plain, pod));
        Assert.Equal("success", outcome.Status);
        Assert.Contains(pod.Metadata.Uid, outcome["output"]);
        Assert.Contains("victim", outcome["objects"]);
        Assert.True(await rig.IsGoneOrGoingAsync(pod));
        Assert.False(await rig.IsGoneOrGoingAsync(bystander));
        var delete = Assert.Single(rig.RequestsOf(pod), r => r.Verb == "delete");
        Assert.Equal(pod.Metadata.Uid, (string?)JsonNode.Parse(delete.Body)!["preconditions"]!["uid"]);
    }

    [ClusterFact]
    public async Task Run_OtherUid_IsIgnored()
    {
        var pod = await rig.AddPodAsync("replaced");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Plain, pod, ("k8s.pod.uid", Guid.NewGuid().ToString())));
        Assert.Equal("ignored", outcome.Status);
        Assert.StartsWith("pod was replaced since the event", outcome.Result);
        Assert.False(await rig.IsGoneOrGoingAsync(pod));
    }

    [ClusterFact]
    public async Task GracePeriodSeconds_Given_GoesIntoTheRequest()
    {
        var pod = await rig.AddPodAsync("grace", p => p.Spec.TerminationGracePeriodSeconds = 40);
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Grace, pod))).Status);
        var delete = Assert.Single(rig.RequestsOf(pod), r => r.Verb == "delete");
        Assert.Equal(1, (int?)JsonNode.Parse(delete.Body)!["gracePeriodSeconds"]);
        Assert.True(await rig.ReadAsync(pod) is null or { Metadata.DeletionGracePeriodSeconds: 1 or 0 });
    }

    [ClusterFact]
    public async Task IgnoreDaemonsets_PodOfOne_IsLeftAlone()
    {
        var pod = await rig.AddDaemonSetAsync("agents");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Daemons, pod));
        Assert.Equal(("ignored", "the pod belongs to the DaemonSet agents"), (outcome.Status, outcome.Result));
        Assert.False(await rig.IsGoneOrGoingAsync(pod));
    }

    [ClusterFact]
    public async Task IgnoreStatefulsets_PodOfOne_IsLeftAlone()
    {
        var pod = await rig.AddStatefulSetAsync("store");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Stateful, pod));
        Assert.Equal(("ignored", "the pod belongs to the StatefulSet store"), (outcome.Status, outcome.Result));
        Assert.False(await rig.IsGoneOrGoingAsync(pod));
    }

    [ClusterFact]
    public async Task IgnoreStandalonePods_PodWithoutOwner_IsLeftAlone()
    {
        var pod = await rig.AddPodAsync("alone");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Standalone, pod));
        Assert.Equal("ignored", outcome.Status);
        Assert.False(await rig.IsGoneOrGoingAsync(pod));
    }

    [ClusterTheory]
    [InlineData(2, "success")]
    [InlineData(1, "ignored")]
    public async Task MinHealthyReplicas_OneMustRemain_OnlyThenIsOneTerminated(int replicas, string status)
    {
        var pod = await rig.AddReplicaSetAsync($"set-of-{replicas}", replicas);
        Assert.Equal(status, (await rig.OutcomeAsync(await rig.PostAsync(Healthy, pod))).Status);
        Assert.Equal(status == "success", await rig.IsGoneOrGoingAsync(pod));
    }

    [ClusterFact]
    public async Task MinHealthyReplicas_OnlyPodOfAStatefulSetOrADaemonSet_IsLeftAlone()
    {
        foreach (var pod in new[] { await rig.AddStatefulSetAsync("counted-store"), await rig.AddLoneDaemonAsync("counted-agent") })
        {
            var outcome = await rig.OutcomeAsync(await rig.PostAsync(Healthy, pod));
            Assert.True(outcome.Status == "ignored", outcome.Text);
            Assert.Contains("without the pod 0 healthy of 1 wanted pods", outcome.Result, StringComparison.Ordinal);
            Assert.False(await rig.IsGoneOrGoingAsync(pod));
        }
    }

    [ClusterFact]
    public async Task MinHealthyReplicas_StandalonePod_IsTerminatedAndTheOutcomeSaysThatNothingWasCounted()
    {
        var pod = await rig.AddPodAsync("counts-for-nothing");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Healthy, pod));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains("min_healthy_replicas does not apply: it is a standalone pod", outcome["output"], StringComparison.Ordinal);
        Assert.True(await rig.IsGoneOrGoingAsync(pod));
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            Rule(Plain),
            Rule(Grace, "    grace_period_seconds: 1\n"),
            Rule(Daemons, "    ignore_daemonsets: true\n"),
            Rule(Stateful, "    ignore_statefulsets: true\n"),
            Rule(Standalone, "    ignore_standalone_pods: true\n"),
            Rule(Healthy, "    min_healthy_replicas: \"1\"\n"));

        private static string Rule(string name, string parameters = "", string action = "") =>
            SpecRules.Of(name, "kubernetes:terminate", parameters, action);
    }
}

public sealed class TerminateOnStandInTests(StandInRig<TerminateSpec.RuleSet> rig)
    : TerminateSpec(rig), IClassFixture<StandInRig<TerminateSpec.RuleSet>>;

public sealed class TerminateOnRealClusterTests(RealClusterRig<TerminateSpec.RuleSet> rig)
    : TerminateSpec(rig), IClassFixture<RealClusterRig<TerminateSpec.RuleSet>>;
