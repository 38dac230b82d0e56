using System.Text.Json.Nodes;
using k8s;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:cordon</c> does on any cluster.</summary>
public abstract class CordonSpec(ClusterRig rig)
{
    private const string Cordon = "Cordon";

    internal static ActionnerRow Row => new("kubernetes:cordon") { Verb = "patch", Resource = "nodes", Needs = [Needs.Nodes] };

    [ClusterFact(Needs.Nodes)]
    public async Task Run_PodOnANode_TheNodeTakesNoNewPodsAndThePodStays()
    {
        var pod = await rig.AddPodAsync("suspect");
        var node = await rig.NodeOfAsync(pod);
        try
        {
            var outcome = await rig.OutcomeAsync(await rig.PostAsync(Cordon, pod));
            Assert.Equal("success", outcome.Status);
            Assert.Contains(node.Metadata.Uid, outcome["output"]);
            Assert.Contains(node.Metadata.Name, outcome["objects"]);
            Assert.True((await rig.Client.CoreV1.ReadNodeAsync(node.Metadata.Name)).Spec.Unschedulable);
            Assert.False(await rig.IsGoneOrGoingAsync(pod));
            var patch = Assert.Single(PatchesOf(node.Metadata.Name));
            Assert.Equal(node.Metadata.Uid, (string?)JsonNode.Parse(patch.Body)!["metadata"]!["uid"]);
            Assert.StartsWith("application/merge-patch+json", patch.ContentType);
        }
        finally
        {
            await rig.UncordonAsync(node.Metadata.Name);
        }
    }

    [ClusterFact(Needs.Nodes)]
    public async Task Run_NodeIsCordoned_IsIgnoredWithoutAWrite()
    {
        var pod = await rig.AddPodAsync("second");
        var node = await rig.NodeOfAsync(pod);
        int before = PatchesOf(node.Metadata.Name).Count;
        try
        {
            await rig.Client.CoreV1.PatchNodeAsync(
                new k8s.Models.V1Patch("""{"spec":{"unschedulable":true}}""", k8s.Models.V1Patch.PatchType.MergePatch), node.Metadata.Name);
            var outcome = await rig.OutcomeAsync(await rig.PostAsync(Cordon, pod));
            Assert.Equal(("ignored", $"the node {node.Metadata.Name} is already cordoned"), (outcome.Status, outcome.Result));
            Assert.Equal(before, PatchesOf(node.Metadata.Name).Count);
        }
        finally
        {
            await rig.UncordonAsync(node.Metadata.Name);
        }
    }

    private List<KubeApi.RecordedRequest> PatchesOf(string node) => [.. rig.Requests.Where(r => r is { Verb: "patch", Resource: "nodes" } && r.Name == node)];

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = SpecRules.Of(Cordon, "kubernetes:cordon");
    }
}

public sealed class CordonOnStandInTests(StandInRig<CordonSpec.RuleSet> rig)
    : CordonSpec(rig), IClassFixture<StandInRig<CordonSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class CordonOnRealClusterTests(RealClusterRig<CordonSpec.RuleSet> rig)
    : CordonSpec(rig), IClassFixture<RealClusterRig<CordonSpec.RuleSet>>;
