using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Cordon;

public sealed class CordonActionnerTests
{
    private const string Name = "kubernetes:cordon";

    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:cordon", "the node of a pod", ParameterMap.Empty, RbacScenario.StandaloneAsync),
    ];

    [Fact]
    public async Task Run_Node_IsPatchedOnceWithItsUid()
    {
        await using var rig = await StartAsync();

        var outcome = await rig.RunAsync(Request());

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        var node = rig.Server.Store.Find("nodes", null, "node2")!;
        Assert.Equal($"the node node2 was cordoned (uid {node.Uid})", succeeded.Output);
        Assert.Equal(KeyValuePair.Create("node", "node2"), Assert.Single(succeeded.Objects));
        Assert.True(IsCordoned(rig, "node2"));
        Assert.False(IsCordoned(rig, "node1"));
        var write = Assert.Single(rig.Writes);
        Assert.StartsWith("application/merge-patch+json", write.ContentType, StringComparison.Ordinal);
        Assert.Equal(node.Uid, JsonNode.Parse(write.Body)!["metadata"]!["uid"]!.GetValue<string>());
    }

    [Fact]
    public async Task Run_AlreadyCordoned_IsIgnoredWithoutAWrite()
    {
        await using var rig = await StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal("the node node2 is already cordoned", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request())).Reason);

        Assert.Single(rig.Writes);
    }

    [Fact]
    public async Task Run_PodOfAProtectedNamespace_LeadsToItsNode()
    {
        await using var rig = await StartAsync();
        rig.Server.Store.AddPod("kube-system", "agent", new PodSeed { NodeName = "node2" });

        Assert.IsType<ActionOutcome.Succeeded>(
            await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("kube-system", "agent"))));

        Assert.True(IsCordoned(rig, "node2"));
    }

    [Fact]
    public async Task ExclusionKey_IsNotThatOfThePod()
    {
        await using var rig = await StartAsync();
        var request = Request();

        Assert.Null(rig.Find(Name).ExclusionKey(request.Event, request.Action));
    }

    [Fact]
    public async Task Run_PodIsMissing_Fails()
    {
        await using var rig = await StartAsync();
        rig.Server.Store.Remove("pods", "shop", "cart-0");

        Failed(FailureKind.NotFound, "the pod cart-0 in the namespace shop does not exist", await rig.RunAsync(Request()));
    }

    [Fact]
    public async Task Run_PodWithoutANode_Fails()
    {
        await using var rig = await StartAsync();
        rig.Server.Store.AddPod("shop", "waits", new PodSeed { NodeName = "" });

        Failed(FailureKind.NotFound, "runs on no node", await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "waits"))));
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_PodWasReplaced_IsIgnored()
    {
        await using var rig = await StartAsync();
        var old = TestEvents.ForPod("shop", "cart-0", DateTimeOffset.UnixEpoch);

        Assert.StartsWith(
            "pod was replaced since the event", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(ActionnerRig.Request(Name, old))).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_NodeIsMissing_Fails()
    {
        await using var rig = await StartAsync();
        rig.Server.Store.Remove("nodes", null, "node2");

        Failed(FailureKind.NotFound, "the node node2 does not exist", await rig.RunAsync(Request()));
    }

    [Fact]
    public async Task Run_NodeReplacedMeanwhile_IsIgnored()
    {
        await using var rig = await StartAsync();
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(Request(), ActionnerRig.Scope()));
        rig.Server.Store.Remove("nodes", null, "node2");
        rig.Server.Store.AddNode("node2");

        var outcome = await rig.Find(Name).RunAsync(Request(), ready, ActionnerRig.Scope());

        Assert.Equal("the node node2 was replaced since the event", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason);
        Assert.False(IsCordoned(rig, "node2"));
    }

    [Fact]
    public async Task Run_NodeGoneMeanwhile_Fails()
    {
        await using var rig = await StartAsync();
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(Request(), ActionnerRig.Scope()));
        rig.Server.Store.Remove("nodes", null, "node2");

        Failed(FailureKind.NotFound, "the node node2 does not exist", await rig.Find(Name).RunAsync(Request(), ready, ActionnerRig.Scope()));
    }

    [Fact]
    public async Task Run_Repeated_NeedsNoPod()
    {
        await using var rig = await StartAsync();
        rig.Server.Store.Remove("pods", "shop", "cart-0");
        string uid = rig.Server.Store.Find("nodes", null, "node2")!.Uid;
        var again = Request() with { EarlierTarget = new TargetRef("Node", null, "node2", uid) };

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(again));
        Assert.Contains("by an earlier attempt", Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(again)).Output, StringComparison.Ordinal);
        Assert.Single(rig.Writes);
    }

    [Fact]
    public async Task Run_RepeatedOnAReplacedOrMissingNode_IsIgnored()
    {
        await using var rig = await StartAsync();

        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request() with { EarlierTarget = new TargetRef("Node", null, "node2", "another") }));
        Assert.Equal(
            "the node node9 is gone",
            Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request() with { EarlierTarget = new TargetRef("Node", null, "node9", "u") })).Reason);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(409, FailureKind.Conflict)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task Run_PatchIsRefused_FailsWithItsKind(int status, FailureKind kind)
    {
        await using var rig = await StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(status, null, "patch"));

        Failed(kind, "cannot cordon the node node2", await rig.RunAsync(Request()));
    }

    private static async Task<ActionnerRig> StartAsync()
    {
        var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddNode("node2");
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { NodeName = "node2" });
        return rig;
    }

    private static ActionRequest Request() => ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"));

    private static bool IsCordoned(ActionnerRig rig, string node) =>
        rig.Server.Store.Find("nodes", null, node)!.ToJson()["spec"]?["unschedulable"]?.GetValue<bool>() == true;

    private static void Failed(FailureKind kind, string reason, ActionOutcome outcome)
    {
        var failed = Assert.IsType<ActionOutcome.Failed>(outcome);
        Assert.Equal(kind, failed.Kind);
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
    }
}
