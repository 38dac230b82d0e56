using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Metadata.Annotation;

public sealed class AnnotationActionnerTests
{
    private const string Name = "kubernetes:annotation";

    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:annotation", "a pod", RbacScenario.Map("annotations"), RbacScenario.StandaloneAsync),
        new("kubernetes:annotation", "its node", RbacScenario.Map("annotations").With("level", new ParameterValue.Text("node")), RbacScenario.StandaloneAsync),
    ];

    [Fact]
    public async Task Run_Pod_IsPatchedOnceWithItsUid()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = AddPod(rig);

        var outcome = await rig.RunAsync(Request("shop", null, ("example.com/why", "a b\n{\"c\":1}"), ("pod", ""), ("absent", null)));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.DoesNotContain('\n', succeeded.Output);
        var annotations = Annotations(rig);
        Assert.Equal("a b\n{\"c\":1}", (string?)annotations["example.com/why"]);
        Assert.Equal("2", (string?)annotations["kept"]);
        Assert.False(annotations.ContainsKey("pod"));
        Assert.False(annotations.ContainsKey("absent"));
        var write = Assert.Single(rig.Writes);
        Assert.Equal("PATCH", write.Method);
        Assert.Equal(pod.Uid, (string?)JsonNode.Parse(write.Body)!["metadata"]!["uid"]);
        Assert.Equal("annotations already set", Assert.IsType<ActionOutcome.Ignored>(
            await rig.RunAsync(Request("shop", null, ("kept", "2"), ("absent", "")))).Reason);
        Assert.Single(rig.Writes);
    }

    [Fact]
    public async Task Run_NodeLevel_WritesTheNodeAlone()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = AddPod(rig);

        var outcome = await rig.RunAsync(Request("shop", "node", ("seen", "yes")));

        Assert.Equal("node1", Assert.IsType<ActionOutcome.Succeeded>(outcome).Objects["node"]);
        Assert.Equal("yes", (string?)rig.Server.Store.Find("nodes", null, "node1")!.ToJson()["metadata"]!["annotations"]!["seen"]);
        Assert.Equal(0, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Fact]
    public async Task Run_ProtectedNamespace_IsIgnoredBeforeAnyRequest()
    {
        await using var rig = await ActionnerRig.StartAsync();

        Assert.Contains("protected", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request("kube-system", null, ("a", "b")))).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Fact]
    public async Task Run_ReplacedBetweenReadAndWrite_IsIgnoredAndLeftAlone()
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig);
        var request = Request("shop", null, ("a", "b"));
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        rig.Server.Store.Remove("pods", "shop", "cart-0");
        AddPod(rig);

        Assert.StartsWith("pod was replaced", Assert.IsType<ActionOutcome.Ignored>(await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope())).Reason, StringComparison.Ordinal);
        Assert.False(Annotations(rig).ContainsKey("a"));
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(429, FailureKind.Throttled)]
    public async Task Run_PatchAnswered_IsAFailureOfItsKind(int status, FailureKind kind)
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig);
        rig.Server.Faults.Add(FaultRule.Answer(status, 1, "patch"));

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request("shop", null, ("a", "b")))).Kind);
        Assert.Equal(0, rig.Server.Effects.Count);
    }

    [Fact]
    public async Task Run_NoSuchPod_IsAFailure()
    {
        await using var rig = await ActionnerRig.StartAsync();

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request("shop", null, ("a", "b")))).Kind);
    }

    private static StoredObject AddPod(ActionnerRig rig) => rig.Server.Store.AddPod("shop", "cart-0", new PodSeed
    {
        NodeName = "node1",
        Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["pod"] = "1", ["kept"] = "2" },
    });

    private static JsonObject Annotations(ActionnerRig rig) =>
        rig.Server.Store.FindPod("shop", "cart-0")!.ToJson()["metadata"]!["annotations"] as JsonObject ?? [];

    private static ActionRequest Request(string inside, string? level, params (string Key, string? Value)[] annotations)
    {
        var map = ParameterMap.Empty.With("annotations", new ParameterValue.Map(ParameterMap.From(annotations.Select(
            entry => KeyValuePair.Create<string, ParameterValue>(entry.Key, entry.Value is null ? new ParameterValue.Nothing() : new ParameterValue.Text(entry.Value))))));
        return ActionnerRig.Request(
            Name, ActionnerRig.EventFor(inside, "cart-0"), level is null ? map : map.With("level", new ParameterValue.Text(level)));
    }
}
