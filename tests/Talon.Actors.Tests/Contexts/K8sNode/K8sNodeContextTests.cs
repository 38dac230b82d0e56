using Talon.Actors.Actionners.Targets;
using Talon.Actors.Contexts.K8sNode;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Contexts.K8sNode;

public sealed class K8sNodeContextTests
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["kubernetes.io/hostname"] = "host-1",
        ["node.kubernetes.io/instance-type"] = "m5.large",
        ["node-role.kubernetes.io/worker"] = "",
        ["node-role.kubernetes.io/control-plane"] = "",
        ["topology.kubernetes.io/region"] = "eu-west-3",
        ["topology.kubernetes.io/zone"] = "",
    };

    [Fact]
    public async Task LookUp_Pod_GivesWhatIsKnownOfItsNode()
    {
        await using var rig = await StartAsync();

        var values = Assert.IsType<ContextResult.Found>(await Context(rig).LookUpAsync(Request(), ActionnerRig.Scope())).Values;

        Assert.Equal("host-1", values["node.hostname"]);
        Assert.Equal("m5.large", values["node.instancetype"]);
        Assert.Equal("control-plane,worker", values["node.role"]);
        Assert.Equal("eu-west-3", values["node.topology.region"]);
        Assert.False(values.ContainsKey("node.topology.zone"));
        Assert.All(values.Keys, key => Assert.Contains(key, K8sNodeModule.Module.Descriptor.Keys));
    }

    [Fact]
    public async Task LookUp_LegacyRole_Wins()
    {
        await using var rig = await StartAsync();
        rig.Server.Store.Update("nodes", null, "worker-1", json => json["metadata"]!["labels"]!["kubernetes.io/role"] = "agent");

        var values = Assert.IsType<ContextResult.Found>(await Context(rig).LookUpAsync(Request(), ActionnerRig.Scope())).Values;

        Assert.Equal("agent", values["node.role"]);
    }

    [Fact]
    public async Task LookUp_ManyAtOnce_ReadTheNodeOnce()
    {
        await using var rig = await StartAsync();
        var context = Context(rig);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => context.LookUpAsync(Request(), ActionnerRig.Scope())));

        Assert.Single(rig.Server.Requests.All, request => request.Path.EndsWith("/nodes/worker-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LookUp_PodIsGone_SaysSo()
    {
        await using var rig = await StartAsync();
        rig.Server.Store.Remove("pods", "shop", "cart-0");

        var outcome = Assert.IsType<ContextResult.Failed>(await Context(rig).LookUpAsync(Request(), ActionnerRig.Scope())).Outcome;

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task LookUp_NodeCannotBeRead_FailsWithTheReasonAndIsNotKept(int status, FailureKind kind)
    {
        await using var rig = await StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(status, 1, "get") with { Resource = "nodes" });
        var context = Context(rig);

        var failed = Assert.IsType<ActionOutcome.Failed>(
            Assert.IsType<ContextResult.Failed>(await context.LookUpAsync(Request(), ActionnerRig.Scope())).Outcome);

        Assert.Equal(kind, failed.Kind);
        Assert.Contains("read the node worker-1", failed.Reason, StringComparison.Ordinal);
        Assert.IsType<ContextResult.Found>(await context.LookUpAsync(Request(), ActionnerRig.Scope()));
    }

    [Fact]
    public async Task LookUp_PodHasNoNode_SaysSo()
    {
        await using var rig = await StartAsync();
        rig.Server.Store.Update("pods", "shop", "cart-0", json => json["spec"]!.AsObject().Remove("nodeName"));

        var outcome = Assert.IsType<ContextResult.Failed>(await Context(rig).LookUpAsync(Request(), ActionnerRig.Scope())).Outcome;

        Assert.Contains("has not been given a node", Assert.IsType<ActionOutcome.Failed>(outcome).Reason, StringComparison.Ordinal);
    }

    private static async Task<ActionnerRig> StartAsync()
    {
        var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddNode("worker-1", Labels);
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { NodeName = "worker-1" });
        return rig;
    }

    private static IContext Context(ActionnerRig rig) => K8sNodeModule.Module.Create!(rig.Ports, new ActionnerPorts(rig.Ports).PodResolver);

    private static ActionRequest Request() => ActionnerRig.Request("kubernetes:terminate", ActionnerRig.EventFor("shop", "cart-0"));
}
