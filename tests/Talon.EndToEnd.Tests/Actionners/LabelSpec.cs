using System.Text.Json.Nodes;
using k8s;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:label</c> does on any cluster.</summary>
public abstract class LabelSpec(ClusterRig rig)
{
    private const string Mark = "Mark";
    private const string Remove = "Remove";
    private const string Impatient = "Impatient";
    private const string MarkNode = "MarkNode";

    [ClusterFact]
    public async Task Run_RunningPod_CarriesTheLabelsWithOnePatchOfItsUid()
    {
        var pod = await rig.AddPodAsync("suspect");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Mark, pod));
        Assert.Equal("success", outcome.Status);
        Assert.Contains("suspect", outcome["objects"]);
        Assert.Equal("true", (await rig.ReadAsync(pod))!.Metadata.Labels["suspicious"]);
        var patch = Assert.Single(rig.RequestsOf(pod), r => r.Verb == "patch");
        Assert.Equal(pod.Metadata.Uid, (string?)JsonNode.Parse(patch.Body)!["metadata"]!["uid"]);
        Assert.StartsWith("application/merge-patch+json", patch.ContentType);
    }

    [ClusterFact]
    public async Task Run_LabelsAreThereAlready_NothingIsWritten()
    {
        var pod = await rig.AddPodAsync("marked", p => p.Metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["suspicious"] = "true", ["team/owner"] = "sec" });
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Mark, pod));
        Assert.NotEqual("failure", outcome.Status);
        Assert.DoesNotContain(rig.RequestsOf(pod), r => r.Verb == "patch");
    }

    [ClusterFact]
    public async Task Labels_EmptyValue_RemovesTheLabel()
    {
        var pod = await rig.AddPodAsync("cleared", p => p.Metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["approved"] = "yes", ["app"] = "x" });
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Remove, pod))).Status);
        var labels = (await rig.ReadAsync(pod))!.Metadata.Labels;
        Assert.False(labels.ContainsKey("approved"));
        Assert.Equal("x", labels["app"]);
    }

    [ClusterFact]
    public async Task Level_Node_MarksTheNodeOfThePod()
    {
        var pod = await rig.AddPodAsync("on-node");
        var node = await rig.NodeOfAsync(pod);
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(MarkNode, pod));
        Assert.Equal("success", outcome.Status);
        Assert.Contains(node.Metadata.Name, outcome["objects"]);
        Assert.Equal("true", (await rig.Client.CoreV1.ReadNodeAsync(node.Metadata.Name)).Metadata.Labels["talon-e2e/seen"]);
        Assert.False((await rig.ReadAsync(pod))!.Metadata.Labels?.ContainsKey("talon-e2e/seen") ?? false);
    }

    [ClusterFact]
    public async Task Run_PodIsGone_FailsAsNotFound()
    {
        var pod = await rig.AddPodAsync("gone");
        await rig.Client.CoreV1.DeleteNamespacedPodAsync("gone", rig.Namespace, gracePeriodSeconds: 0);
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Mark, pod));
        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
    }

    [ClusterFact]
    public async Task Run_OtherUid_IsIgnored()
    {
        var pod = await rig.AddPodAsync("replaced");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Mark, pod, ("k8s.pod.uid", Guid.NewGuid().ToString())));
        Assert.Equal("ignored", outcome.Status);
        Assert.StartsWith("pod was replaced since the event", outcome.Result);
        Assert.DoesNotContain(rig.RequestsOf(pod), r => r.Verb == "patch");
    }

    [ClusterTheory]
    [InlineData(403, "forbidden")]
    [InlineData(409, "conflict")]
    public async Task Run_Refused_FailsAtOnce(int status, string result)
    {
        var pod = await rig.AddPodAsync(result);
        rig.AddFault(pod, FaultRule.Answer(status, null, "patch"));
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Mark, pod));
        Assert.Equal(("failure", result), (outcome.Status, outcome.Result));
        Assert.Single(rig.RequestsOf(pod), r => r.Verb == "patch");
        Assert.False((await rig.ReadAsync(pod))!.Metadata.Labels?.ContainsKey("suspicious") ?? false);
    }

    [ClusterFact]
    public async Task Run_Throttled_WaitsAsAskedAndSucceeds()
    {
        var pod = await rig.AddPodAsync("throttled");
        rig.AddFault(pod, FaultRule.Answer(429, 1, "patch") with { RetryAfterSeconds = 1 });
        var posted = await rig.PostAsync(Mark, pod);
        Assert.Equal("success", (await rig.OutcomeAsync(posted)).Status);
        Assert.Single(rig.RetriesOf(posted));
        var patches = rig.RequestsOf(pod).Where(r => r.Verb == "patch").ToList();
        Assert.True(patches[1].Time - patches[0].Time >= TimeSpan.FromSeconds(1), $"{patches[1].Time - patches[0].Time}");
    }

    [ClusterFact]
    public async Task Run_SlowerThanItsTimeout_FailsAfterItsRetries()
    {
        var pod = await rig.AddPodAsync("slow");
        rig.AddFault(pod, FaultRule.Delay(TimeSpan.FromSeconds(30), "patch"));
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Impatient, pod));
        Assert.Equal(("failure", "timeout"), (outcome.Status, outcome.Result));
        Assert.False((await rig.ReadAsync(pod))!.Metadata.Labels?.ContainsKey("suspicious") ?? false);
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        private const string Labels = "    labels:\n      suspicious: \"true\"\n      team/owner: sec\n";

        public string Rules { get; } = string.Join(
            '\n',
            SpecRules.Of(Mark, "kubernetes:label", Labels),
            SpecRules.Of(Remove, "kubernetes:label", "    labels:\n      approved: \"\"\n"),
            SpecRules.Of(Impatient, "kubernetes:label", Labels, "  timeout: 1s\n"),
            SpecRules.Of(MarkNode, "kubernetes:label", "    level: node\n    labels:\n      talon-e2e/seen: \"true\"\n"));

        public string Configuration => "retry:\n  max_age: 3s\n";
    }
}
