using System.Text.Json.Nodes;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Policies;

/// <summary>Which workload a policy is put around, and by which selector.</summary>
public sealed class WorkloadReaderTests
{
    public static TheoryData<string> Policies => PolicyRig.All;

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    [InlineData("ReplicaSet")]
    public async Task Run_PodOfAWorkload_ItsSelectorHolds(string kind)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var owner = await Objects.CreateWorkloadAsync(rig, kind, "cart");

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes)));

        Assert.Contains($"was created for the {kind} cart in the namespace shop", done.Output, StringComparison.Ordinal);
        string policy = kind == "Deployment" ? "talon-cart" : $"talon-{kind.ToLowerInvariant()}-cart";
        Assert.Equal(policy, done.Objects["networkpolicy"]);
        PolicyRig.AssertJson("""{"matchLabels":{"app":"cart"}}""", PolicyRig.Sent(rig)["podSelector"]);
        var metadata = Objects.Read(rig, "networkpolicies", policy)["metadata"]!;
        Assert.Equal((kind, (string?)owner["metadata"]!["uid"]), ((string?)metadata["annotations"]!["talon/owner-kind"], (string?)metadata["annotations"]!["talon/owner-uid"]));
    }

    [Fact]
    public async Task Run_PodOfAJob_IsHeldByTheUidOfTheJob()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var job = await PolicyRig.AddJobAsync(rig, "night");

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes)));

        Assert.Contains("for the Job night", done.Output, StringComparison.Ordinal);
        PolicyRig.AssertJson(
            $$$"""{"matchLabels":{"batch.kubernetes.io/controller-uid":"{{{(string)job["metadata"]!["uid"]!}}}"}}""", PolicyRig.Sent(rig)["podSelector"]);
    }

    /// <summary>The runs of a CronJob have nothing in common that is theirs alone: the run of the event is held.</summary>
    [Fact]
    public async Task Run_PodOfACronJob_ItsRunIsHeld()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await PolicyRig.AddJobAsync(rig, "nightly-1", await PolicyRig.AddCronJobAsync(rig, "nightly"));

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes)));

        Assert.Contains("for the Job nightly-1", done.Output, StringComparison.Ordinal);
        Assert.Equal("talon-job-nightly-1", done.Objects["networkpolicy"]);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_StandalonePod_IsHeldByItsOwnLabels(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", Seed(("app", "cart"), ("pod-template-hash", "abc")));

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner)));

        Assert.Contains("for the Pod cart-0", done.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("pod-template-hash", PolicyRig.Sent(rig).ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(Objects.Read(rig, PolicyRig.Resource(actionner), "talon-pod-cart-0"));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_PodWithoutLabelsOfItsOwn_IsRefused(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", Seed(("pod-template-hash", "abc")));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner)));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.Contains("the policy would be about every pod of the namespace", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_PodOnTheNetworkOfItsNode_IsAFailureAndNotAPolicyWithoutEffect(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", Seed(("app", "cart")));
        rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["spec"]!["hostNetwork"] = true);

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner)));

        Assert.Equal((FailureKind.Invalid, "the pod cart-0 uses the network of its node: no network policy holds it"), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_ControllerOfAnUnknownKind_ThePodStandsForItself()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", Seed(("app", "cart")) with { Owner = new OwnerSeed("CloneSet", "cart", ApiVersion: "apps.kruise.io/v1alpha1") });

        Assert.Contains("for the Pod cart-0", Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OwnerOfTheNameIsAnother_IsAFailure()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateWorkloadAsync(rig, "StatefulSet", "cart");
        rig.Server.Store.Update("pods", "shop", Objects.Pod(rig), pod => pod["metadata"]!["ownerReferences"]![0]!["uid"] = "11111111-2222-3333-4444-555555555555");

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes)));

        Assert.Equal((FailureKind.NotFound, "the pod's StatefulSet cart was replaced by another of that name"), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Writes);
    }

    /// <summary>Whoever makes a pod writes its owner: one that names a workload whose selector does not select it gets no policy around that.</summary>
    [Fact]
    public async Task Run_OwnerThatDoesNotSelectThePod_IsAFailure()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var owner = await Objects.CreateWorkloadAsync(rig, "StatefulSet", "cart");
        string uid = (string)owner["metadata"]!["uid"]!;
        rig.Server.Store.AddPod("shop", "forged", Seed(("app", "evil")) with { Owner = new OwnerSeed("StatefulSet", "cart", uid) });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(PolicyRig.RequestFor("forged", PolicyRig.Kubernetes)));

        Assert.Contains("does not select the pod forged", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task Run_OwnerCannotBeRead_WritesNothing(int status, FailureKind kind)
    {
        await using var rig = await PolicyRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(status, null, "get") with { Resource = "deployments" });

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes))).Kind);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_RepeatedAfterThePodHasGone_StillHoldsTheWorkload()
    {
        await using var rig = await PolicyRig.StartAsync();
        string uid = rig.Server.Store.Find("deployments", "shop", "cart")!.Uid;
        var request = rig.Request(PolicyRig.Cilium) with { EarlierTarget = new TargetRef("Deployment", "shop", "cart", uid) };
        rig.Server.Store.Remove("pods", "shop", Objects.Pod(rig));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(request));

        Assert.Equal("talon-cart", (string?)JsonNode.Parse(Assert.Single(rig.Writes).Body)!["metadata"]!["name"]);
    }

    [Fact]
    public async Task Run_RepeatedAfterTheWorkloadHasGone_IsIgnored()
    {
        await using var rig = await PolicyRig.StartAsync();
        var request = rig.Request(PolicyRig.Cilium) with { EarlierTarget = new TargetRef("Deployment", "shop", "cart", "old-uid") };

        Assert.Contains("is gone; whether an earlier attempt had written its policy is not known", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(request)).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_ProtectedNamespace_IsIgnoredBeforeAnyRequest(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("kube-system", "cart-0", Seed(("app", "cart")));
        var about = TestEvents.Syscall(ActionnerRig.Later(), ("k8s.ns.name", "kube-system"), ("k8s.pod.name", "cart-0"), ("fd.rip", PolicyRig.Address));

        Assert.Contains("protected", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(ActionnerRig.Request(actionner, about))).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Requests.All);
    }

    private static PodSeed Seed(params (string Key, string Value)[] labels) =>
        new() { Labels = labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal) };
}
