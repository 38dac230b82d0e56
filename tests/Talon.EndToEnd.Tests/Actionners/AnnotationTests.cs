using System.Text.Json.Nodes;
using k8s;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:annotation</c> does on any cluster.</summary>
public abstract class AnnotationSpec(ClusterRig rig)
{
    private const string Mark = "Mark";
    private const string Remove = "Remove";
    private const string MarkNode = "MarkNode";

    internal static ActionnerRow Row => new("kubernetes:annotation") { Verb = "patch", Parameters = "    annotations:\n      suspicious: \"true\"\n" };

    [ClusterFact]
    public async Task Run_RunningPod_CarriesTheAnnotationsWithOnePatchOfItsUid()
    {
        var pod = await rig.AddPodAsync("suspect");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Mark, pod));
        Assert.Equal("success", outcome.Status);
        Assert.Contains("suspect", outcome["objects"]);
        var annotations = (await rig.ReadAsync(pod))!.Metadata.Annotations;
        Assert.Equal("looked at: ask security, not the team\nsecond line", annotations["team/note"]);
        Assert.Equal("true", annotations["suspicious"]);
        var patch = Assert.Single(rig.RequestsOf(pod), r => r.Verb == "patch");
        Assert.Equal(pod.Metadata.Uid, (string?)JsonNode.Parse(patch.Body)!["metadata"]!["uid"]);
        Assert.StartsWith("application/merge-patch+json", patch.ContentType);
    }

    [ClusterFact]
    public async Task Run_SameAgain_NothingIsWritten()
    {
        var pod = await rig.AddPodAsync("marked");
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Mark, pod))).Status);
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Mark, pod));
        Assert.Equal(("ignored", "annotations already set"), (outcome.Status, outcome.Result));
        Assert.Single(rig.RequestsOf(pod), r => r.Verb == "patch");
    }

    [ClusterFact]
    public async Task Annotations_EmptyValue_RemovesTheAnnotation()
    {
        var pod = await rig.AddPodAsync("cleared", p => p.Metadata.Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["approved"] = "yes",
            ["team/owner"] = "x",
        });
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Remove, pod))).Status);
        var annotations = (await rig.ReadAsync(pod))!.Metadata.Annotations;
        Assert.False(annotations.ContainsKey("approved"));
        Assert.Equal("x", annotations["team/owner"]);
    }

    [ClusterFact]
    public async Task Level_Node_MarksTheNodeOfThePod()
    {
        var pod = await rig.AddPodAsync("on-node");
        var node = await rig.NodeOfAsync(pod);
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(MarkNode, pod));
        Assert.Equal("success", outcome.Status);
        Assert.Contains(node.Metadata.Name, outcome["objects"]);
        Assert.Equal("true", (await rig.Client.CoreV1.ReadNodeAsync(node.Metadata.Name)).Metadata.Annotations["talon-e2e/seen"]);
        Assert.False((await rig.ReadAsync(pod))!.Metadata.Annotations?.ContainsKey("talon-e2e/seen") ?? false);
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            SpecRules.Of(Mark, "kubernetes:annotation", "    annotations:\n      suspicious: \"true\"\n      team/note: \"looked at: ask security, not the team\\nsecond line\"\n"),
            SpecRules.Of(Remove, "kubernetes:annotation", "    annotations:\n      approved: \"\"\n"),
            SpecRules.Of(MarkNode, "kubernetes:annotation", "    level: node\n    annotations:\n      talon-e2e/seen: \"true\"\n"));
    }
}

public sealed class AnnotationOnStandInTests(StandInRig<AnnotationSpec.RuleSet> rig)
    : AnnotationSpec(rig), IClassFixture<StandInRig<AnnotationSpec.RuleSet>>;

public sealed class AnnotationOnRealClusterTests(RealClusterRig<AnnotationSpec.RuleSet> rig)
    : AnnotationSpec(rig), IClassFixture<RealClusterRig<AnnotationSpec.RuleSet>>;
