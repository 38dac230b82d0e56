using System.Text.Json.Nodes;
using k8s;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:label</c> does on any cluster.</summary>
public abstract class LabelSpec(ClusterRig rig)
{
    private const string Mark = "Mark";
    private const string Remove = "Remove";
    private const string MarkNode = "MarkNode";

    internal static ActionnerRow Row => new("kubernetes:label") { Verb = "patch", Parameters = "    labels:\n      suspicious: \"true\"\n" };

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
    public async Task Run_OtherUid_IsIgnored()
    {
        var pod = await rig.AddPodAsync("replaced");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Mark, pod, ("k8s.pod.uid", Guid.NewGuid().ToString())));
        Assert.Equal("ignored", outcome.Status);
        Assert.StartsWith("pod was replaced since the event", outcome.Result);
        Assert.DoesNotContain(rig.RequestsOf(pod), r => r.Verb == "patch");
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        private const string Labels = "    labels:\n      suspicious: \"true\"\n      team/owner: sec\n";

        public string Rules { get; } = string.Join(
            '\n',
            SpecRules.Of(Mark, "kubernetes:label", Labels),
            SpecRules.Of(Remove, "kubernetes:label", "    labels:\n      approved: \"\"\n"),
            SpecRules.Of(MarkNode, "kubernetes:label", "    level: node\n    labels:\n      talon-e2e/seen: \"true\"\n"));
    }
}

public sealed class LabelOnStandInTests(StandInRig<LabelSpec.RuleSet> rig) : LabelSpec(rig), IClassFixture<StandInRig<LabelSpec.RuleSet>>;

public sealed class LabelOnRealClusterTests(RealClusterRig<LabelSpec.RuleSet> rig) : LabelSpec(rig), IClassFixture<RealClusterRig<LabelSpec.RuleSet>>;
