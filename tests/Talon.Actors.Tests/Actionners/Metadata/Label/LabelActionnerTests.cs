using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Metadata.Label;

public sealed class LabelActionnerTests
{
    private const string Name = "kubernetes:label";

    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:label", "a pod", RbacScenario.Map("labels"), RbacScenario.StandaloneAsync),
        new("kubernetes:label", "its node", RbacScenario.Map("labels").With("level", new ParameterValue.Text("node")), RbacScenario.StandaloneAsync),
    ];

    [Fact]
    public async Task Run_Pod_IsPatchedOnceWithItsUid()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = AddPod(rig, ("old", "1"), ("kept", "2"));

        var outcome = await rig.RunAsync(Request(Labels(("suspicious", "true"), ("old", ""), ("absent", null))));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal($"the pod cart-0 in the namespace shop was labelled: old removed, suspicious=true (uid {pod.Uid})", succeeded.Output);
        Assert.Equal("cart-0", succeeded.Objects["pod"]);
        Assert.Equal("shop", succeeded.Objects["namespace"]);
        var labels = rig.Server.Store.FindPod("shop", "cart-0")!.Labels;
        Assert.Equal("true", labels["suspicious"]);
        Assert.Equal("2", labels["kept"]);
        Assert.False(labels.ContainsKey("old"));
        Assert.False(labels.ContainsKey("absent"));
        Assert.Equal(1, rig.Server.Effects.CountFor(pod.Uid));
        var write = Assert.Single(rig.Writes);
        Assert.Equal("PATCH", write.Method);
        Assert.StartsWith("application/merge-patch+json", write.ContentType, StringComparison.Ordinal);
        Assert.Equal(pod.Uid, JsonNode.Parse(write.Body)!["metadata"]!["uid"]!.GetValue<string>());
    }

    [Fact]
    public async Task Run_PodWithoutAnyLabels_GetsOnlyTheAskedOnes()
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig);

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(Labels(("example.com/pod", "pod")))));

        var label = Assert.Single(rig.Server.Store.FindPod("shop", "cart-0")!.Labels);
        Assert.Equal(KeyValuePair.Create("example.com/pod", "pod"), label);
    }

    [Fact]
    public async Task Run_NodeLevel_PatchesTheNodeOfThePod()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddNode("node2");
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { NodeName = "node2" });

        var outcome = await rig.RunAsync(Request(Labels(("suspicious", "true")), level: "node"));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal(KeyValuePair.Create("node", "node2"), Assert.Single(succeeded.Objects));
        Assert.Equal("true", rig.Server.Store.Find("nodes", null, "node2")!.Labels["suspicious"]);
        Assert.Equal(1, rig.Server.Effects.Count);
        Assert.Empty(rig.Server.Store.FindPod("shop", "cart-0")!.Labels);
    }

    [Theory]
    [InlineData("pod")]
    [InlineData("node")]
    public async Task Run_LabelsAlreadySet_IsIgnoredWithoutAWrite(string level)
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig);
        var request = Request(Labels(("suspicious", "true"), ("absent", "")), level);
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(request));

        Assert.Equal("labels already set", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(request)).Reason);

        Assert.Single(rig.Writes);
    }

    [Theory]
    [InlineData("pod")]
    [InlineData("node")]
    public async Task Run_LabelsAlreadySetByAnEarlierAttempt_IsSuccessWithoutAWrite(string level)
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig);
        var first = Request(Labels(("suspicious", "true")), level);
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(first, ActionnerRig.Scope()));
        Assert.IsType<ActionOutcome.Succeeded>(await rig.Find(Name).RunAsync(first, ready, ActionnerRig.Scope()));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(first with { EarlierTarget = ready.Target }));

        Assert.Single(rig.Writes);
        Assert.Equal(1, rig.Server.Effects.Count);
    }

    [Fact]
    public async Task Run_EarlierAttemptOnANodeAndPodGone_GoesOnWithTheNode()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var node = rig.Server.Store.Find("nodes", null, "node1")!;

        var outcome = await rig.RunAsync(
            Request(Labels(("suspicious", "true")), "node") with { EarlierTarget = new TargetRef("Node", null, "node1", node.Uid) });

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal(1, rig.Server.Effects.CountFor(node.Uid));
    }

    [Theory]
    [InlineData("pod")]
    [InlineData("node")]
    public async Task Run_NoSuchPod_IsAFailure(string level)
    {
        await using var rig = await ActionnerRig.StartAsync();

        var outcome = await rig.RunAsync(Request(Labels(("suspicious", "true")), level));

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_PodGoneAfterAnEarlierAttempt_IsNeitherSuccessNorFailure()
    {
        await using var rig = await ActionnerRig.StartAsync();

        var outcome = await rig.RunAsync(
            Request(Labels(("suspicious", "true"))) with { EarlierTarget = new TargetRef("Pod", "shop", "cart-0", "a-uid") });

        Assert.IsType<ActionOutcome.Ignored>(outcome);
    }

    [Fact]
    public async Task Run_UnscheduledPodAtNodeLevel_IsAFailure()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { Phase = "Pending", NodeName = "" });

        var outcome = await rig.RunAsync(Request(Labels(("suspicious", "true")), "node"));

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Run_NothingToRemove_IsIgnoredAndClaimsNothing(string? value)
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig, ("kept", "2"));

        Assert.Equal("labels not there to be removed", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request(Labels(("absent", value))))).Reason);

        Assert.Empty(rig.Writes);
    }

    /// <summary>Another node did the same between the preparation and the write.</summary>
    [Theory]
    [InlineData("pod")]
    [InlineData("node")]
    public async Task Run_SetByAnotherMeanwhile_IsIgnoredUnlessAnEarlierAttemptMayHaveDoneIt(string level)
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig);
        var request = Request(Labels(("suspicious", "true")), level);
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsAdministratorAsync(request));

        Assert.Equal("labels already set", Assert.IsType<ActionOutcome.Ignored>(await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope())).Reason);
        Assert.IsType<ActionOutcome.Succeeded>(
            await rig.Find(Name).RunAsync(request with { EarlierTarget = ready.Target }, ready, ActionnerRig.Scope()));
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_PodReplacedBetweenReadAndWrite_IsIgnoredAndLeftAlone()
    {
        StoredObject? newcomer = null;
        ActionnerRig? started = null;
        await using var rig = await ActionnerRig.StartAsync(extraHandlers: [() => new Interposer(request =>
        {
            if (request.Method == HttpMethod.Patch)
            {
                started!.Server.Store.Remove("pods", "shop", "cart-0");
                newcomer = AddPod(started);
            }

            return Task.CompletedTask;
        })]);
        started = rig;
        AddPod(rig);

        var outcome = await rig.RunAsync(Request(Labels(("suspicious", "true"))));

        Assert.StartsWith("pod was replaced", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason, StringComparison.Ordinal);
        Assert.Equal(422, Assert.Single(rig.Writes).Status);
        Assert.Equal(0, rig.Server.Effects.CountFor(newcomer!.Uid));
        Assert.Empty(rig.Server.Store.FindPod("shop", "cart-0")!.Labels);
    }

    [Fact]
    public async Task Run_PodGoneBetweenReadAndWrite_IsAFailure()
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig);
        var request = Request(Labels(("suspicious", "true")));
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        rig.Server.Store.Remove("pods", "shop", "cart-0");

        var outcome = await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope());

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
    }

    [Fact]
    public async Task Run_TerminatingPod_IsStillLabelled()
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig);
        await rig.RunAsync(ActionnerRig.Request("kubernetes:terminate", ActionnerRig.EventFor("shop", "cart-0")));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(Labels(("suspicious", "true")))));
    }

    [Fact]
    public async Task Run_ProtectedNamespace_IsIgnoredBeforeAnyRequest()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("kube-system", "cart-0");

        var outcome = await rig.RunAsync(ActionnerRig.Request(
            Name, ActionnerRig.EventFor("kube-system", "cart-0"), Request(Labels(("a", "b"))).Action.Parameters));

        Assert.Contains("protected", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Fact]
    public async Task Run_NodeLevelForAPodOfAProtectedNamespace_WritesTheNodeAndNotThePod()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("kube-system", "cart-0", new PodSeed { NodeName = "node1" });

        var outcome = await rig.RunAsync(ActionnerRig.Request(
            Name, ActionnerRig.EventFor("kube-system", "cart-0"), Request(Labels(("a", "b")), "node").Action.Parameters));

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal("nodes", Assert.Single(rig.Writes).Resource);
        Assert.Equal("b", rig.Server.Store.Find("nodes", null, "node1")!.Labels["a"]);
        Assert.Equal(0, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(422, FailureKind.Rejected)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task Run_PatchAnswered_IsAFailureOfItsKind(int status, FailureKind kind)
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddPod(rig);
        rig.Server.Faults.Add(FaultRule.Answer(status, 1, "patch"));

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(Labels(("suspicious", "true"))))).Kind);
        Assert.Equal(0, rig.Server.Effects.Count);
    }

    [Theory]
    [InlineData(FaultKind.ResetBeforeEffect, FailureKind.ConnectionLost)]
    [InlineData(FaultKind.ResetAfterEffect, FailureKind.ConnectionLost)]
    [InlineData(FaultKind.HtmlBody502, FailureKind.ServerError)]
    [InlineData(FaultKind.EmptyBody200, FailureKind.ServerError)]
    public async Task Run_UnclearEnd_TheNextAttemptMakesItOneEffect(FaultKind fault, FailureKind kind)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = AddPod(rig);
        rig.Server.Faults.Add(FaultRule.Of(fault, 1, "patch"));
        var request = Request(Labels(("suspicious", "true")));

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(request)).Kind);
        var again = await rig.RunAsync(request with { EarlierTarget = new TargetRef("Pod", "shop", "cart-0", pod.Uid) });

        Assert.IsType<ActionOutcome.Succeeded>(again);
        Assert.Equal(1, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Fact]
    public async Task Prepare_DryRun_SaysWhatWouldBeDone()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = AddPod(rig, ("old", "1"));

        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(
            Request(Labels(("suspicious", "true"), ("old", ""))), ActionnerRig.Scope()));

        Assert.Equal($"label the pod cart-0 in the namespace shop (uid {pod.Uid}): old removed, suspicious=true", ready.Intent);
        Assert.Empty(rig.Writes);
    }

    private static StoredObject AddPod(ActionnerRig rig, params (string Key, string Value)[] labels) => rig.Server.Store.AddPod(
        "shop", "cart-0", new PodSeed { Labels = labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal) });

    private static ParameterMap Labels(params (string Key, string? Value)[] labels) => ParameterMap.Empty.With(
        "labels",
        new ParameterValue.Map(ParameterMap.From(labels.Select(label => KeyValuePair.Create<string, ParameterValue>(
            label.Key, label.Value is null ? new ParameterValue.Nothing() : new ParameterValue.Text(label.Value))))));

    private static ActionRequest Request(ParameterMap labels, string? level = null) => ActionnerRig.Request(
        Name,
        ActionnerRig.EventFor("shop", "cart-0"),
        level is null ? labels : labels.With("level", new ParameterValue.Text(level)));
}
