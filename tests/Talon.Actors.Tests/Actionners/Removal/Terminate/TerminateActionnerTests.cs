using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Terminate;

public sealed class TerminateActionnerTests
{
    private const string Name = "kubernetes:terminate";

    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:terminate", "a pod", ParameterMap.Empty, RbacScenario.StandaloneAsync),
        .. RbacScenario.Counted("kubernetes:terminate", RbacScenario.Texts(("min_healthy_replicas", "0"))),
    ];

    [Fact]
    public async Task Run_Pod_IsDeletedOnceWithItsUidAndItsOwnGrace()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal($"the pod cart-0 in the namespace shop was terminated (uid {pod.Uid})", succeeded.Output);
        Assert.Equal("cart-0", succeeded.Objects["pod"]);
        Assert.Equal("shop", succeeded.Objects["namespace"]);
        var write = Assert.Single(rig.Writes);
        Assert.Equal("DELETE", write.Method);
        Assert.Equal("/api/v1/namespaces/shop/pods/cart-0", write.Path);
        Assert.Equal("talon/1.2.3", write.UserAgent);
        var body = JsonNode.Parse(write.Body)!.AsObject();
        Assert.Equal(pod.Uid, body["preconditions"]!["uid"]!.GetValue<string>());
        Assert.False(body.ContainsKey("gracePeriodSeconds"));
        Assert.Equal(1, rig.Server.Effects.CountFor(pod.Uid));
        Assert.True(rig.Server.Store.FindPod("shop", "cart-0")!.IsTerminating);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Run_GracePeriodGiven_IsSent(int grace)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"), Grace(grace)));

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal(grace, JsonNode.Parse(Assert.Single(rig.Writes).Body)!["gracePeriodSeconds"]!.GetValue<int>());
    }

    /// <summary>The kubelet would make it again at once, and its containers would not even have stopped.</summary>
    [Fact]
    public async Task Run_MirrorPod_IsAFailureAndNotASuccessWithoutEffect()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "static-node1", new PodSeed { IsMirror = true });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "static-node1"))));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.Contains("mirrors a static pod", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    /// <summary>Whoever makes a pod writes its owners.</summary>
    [Theory]
    [InlineData("evil.example.com/v1", true)]
    [InlineData("apps/v1", false)]
    public async Task Run_OwnerThatIsNoControllerOfItsGroup_SparesNothing(string apiVersion, bool controller)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { Owner = new OwnerSeed("DaemonSet", "agent", ApiVersion: apiVersion) });
        rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["metadata"]!["ownerReferences"]![0]!["controller"] = controller);

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(ActionnerRig.Request(
            Name, ActionnerRig.EventFor("shop", "cart-0"), ParameterMap.Empty.With("ignore_daemonsets", new ParameterValue.Flag(true)))));
    }

    [Theory]
    [InlineData("DaemonSet", "ignore_daemonsets", true)]
    [InlineData("DaemonSet", "ignore_statefulsets", false)]
    [InlineData("StatefulSet", "ignore_statefulsets", true)]
    [InlineData("StatefulSet", "ignore_standalone_pods", false)]
    [InlineData(null, "ignore_standalone_pods", true)]
    [InlineData(null, "ignore_daemonsets", false)]
    [InlineData("Job", "ignore_standalone_pods", false)]
    public async Task Run_IgnoreFlag_SparesItsKindOnly(string? kind, string flag, bool spared)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { Owner = kind is null ? null : new OwnerSeed(kind, "the-owner") });

        var outcome = await rig.RunAsync(ActionnerRig.Request(
            Name, ActionnerRig.EventFor("shop", "cart-0"), ParameterMap.Empty.With(flag, new ParameterValue.Flag(true))));

        Assert.Equal(spared ? "ignored" : "success", outcome.Status);
        Assert.Equal(spared ? 0 : 1, rig.Server.Effects.CountFor(pod.Uid));
        Assert.Equal(spared ? 0 : 1, rig.Writes.Count);
    }

    [Fact]
    public async Task Run_SeveralOwners_TheControllerCounts()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { Owner = new OwnerSeed("DaemonSet", "agent") });
        rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["metadata"]!["ownerReferences"]!.AsArray().Insert(
            0, new JsonObject { ["apiVersion"] = "example.com/v1", ["kind"] = "Backup", ["name"] = "b", ["uid"] = "u-1" }));

        var outcome = await rig.RunAsync(ActionnerRig.Request(
            Name, ActionnerRig.EventFor("shop", "cart-0"), ParameterMap.Empty.With("ignore_daemonsets", new ParameterValue.Flag(true))));

        Assert.Equal("the pod belongs to the DaemonSet agent", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason);
    }

    [Fact]
    public async Task Run_NoSuchPod_IsIgnoredAsGone()
    {
        await using var rig = await ActionnerRig.StartAsync();

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));

        Assert.Equal("already gone", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(30, false)]
    [InlineData(31, false)]
    [InlineData(29, true)]
    [InlineData(0, true)]
    public async Task Run_TerminatingPod_IsWrittenToOnlyForAShorterGrace(int? grace, bool written)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { TerminationGracePeriodSeconds = 30 });
        await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));
        Assert.Single(rig.Writes);

        var outcome = await rig.RunAsync(ActionnerRig.Request(
            Name, ActionnerRig.EventFor("shop", "cart-0"), grace is { } seconds ? Grace(seconds) : null));

        Assert.Equal(written ? 2 : 1, rig.Writes.Count);
        if (written)
        {
            Assert.IsType<ActionOutcome.Succeeded>(outcome);
        }
        else
        {
            Assert.Equal("terminating", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason);
        }
    }

    [Fact]
    public async Task Run_YoungerPodOfThatName_IsIgnoredAsReplaced()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");

        var outcome = await rig.RunAsync(ActionnerRig.Request(
            Name, TestEvents.ForPod("shop", "cart-0", TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(5))));

        Assert.StartsWith("pod was replaced since the event", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_PodReplacedBetweenReadAndWrite_IsIgnoredAndLeftAlone()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        var request = ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"));
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        rig.Server.Store.Remove("pods", "shop", "cart-0");
        var newcomer = rig.Server.Store.AddPod("shop", "cart-0");

        var outcome = await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope());

        Assert.StartsWith("pod was replaced since the event", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason, StringComparison.Ordinal);
        Assert.Equal(0, rig.Server.Effects.CountFor(newcomer.Uid));
        Assert.Equal(409, Assert.Single(rig.Writes).Status);
    }

    [Fact]
    public async Task Run_PodGoneBetweenReadAndWrite_IsIgnoredAsGone()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        var request = ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"));
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        rig.Server.Store.Remove("pods", "shop", "cart-0");

        var outcome = await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope());

        Assert.Equal("already gone", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("replaced")]
    [InlineData("terminating")]
    public async Task Prepare_EarlierAttemptJournalledAndPodNoLongerThere_IsSuccessWithoutAWrite(string state)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        var earlier = new TargetRef("Pod", "shop", "cart-0", pod.Uid);
        switch (state)
        {
            case "gone":
                rig.Server.Store.Remove("pods", "shop", "cart-0");
                break;
            case "replaced":
                rig.Server.Store.Remove("pods", "shop", "cart-0");
                rig.Server.Store.AddPod("shop", "cart-0");
                break;
            default:
                await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"), Grace(20)));
                break;
        }

        int before = rig.Writes.Count;

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"), Grace(20), earlier));

        Assert.Contains(pod.Uid, Assert.IsType<ActionOutcome.Succeeded>(outcome).Output, StringComparison.Ordinal);
        Assert.Equal(before, rig.Writes.Count);
    }

    [Fact]
    public async Task Run_EarlierAttemptWithoutEffectOnATerminatingPod_StillShortensItsGrace()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { TerminationGracePeriodSeconds = 300 });
        await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));
        rig.Server.Faults.Add(FaultRule.Answer(503, 1, "delete"));
        var request = ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"), Grace(10));
        Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(request));

        var again = await rig.RunAsync(request with { EarlierTarget = new TargetRef("Pod", "shop", "cart-0", pod.Uid) });
        var third = await rig.RunAsync(request with { EarlierTarget = new TargetRef("Pod", "shop", "cart-0", pod.Uid) });

        Assert.IsType<ActionOutcome.Succeeded>(again);
        Assert.IsType<ActionOutcome.Succeeded>(third);
        Assert.Equal(3, rig.Writes.Count);
        Assert.Equal(2, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Fact]
    public async Task Run_EarlierAttemptWithoutEffect_DeletesThePodOfTheJournal()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        var earlier = new TargetRef("Pod", "shop", "cart-0", pod.Uid);

        // The event alone would call this pod too young: the journal knows it.
        var outcome = await rig.RunAsync(ActionnerRig.Request(
            Name, TestEvents.ForPod("shop", "cart-0", TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(5)), earlier: earlier));

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal(1, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Run_EarlierAttemptAndPodGoesMeanwhile_IsSuccess(int answer)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        var request = ActionnerRig.Request(
            Name, ActionnerRig.EventFor("shop", "cart-0"), earlier: new TargetRef("Pod", "shop", "cart-0", pod.Uid));
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        rig.Server.Store.Remove("pods", "shop", "cart-0");
        if (answer == 409)
        {
            rig.Server.Store.AddPod("shop", "cart-0");
        }

        var outcome = await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope());

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal(answer, Assert.Single(rig.Writes).Status);
        Assert.Equal(0, rig.Server.Effects.Count);
    }

    [Theory]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    [InlineData("kube-node-lease")]
    [InlineData("talon")]
    public async Task Run_ProtectedNamespace_IsIgnoredBeforeAnyRequest(string protectedNamespace)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod(protectedNamespace, "cart-0");

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor(protectedNamespace, "cart-0")));

        Assert.Contains("protected", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Theory]
    [InlineData("..", "shop")]
    [InlineData("../pods/other", "shop")]
    [InlineData("a?gracePeriodSeconds=0", "shop")]
    [InlineData("a%2fb", "shop")]
    [InlineData("/", "shop")]
    [InlineData("Cart", "shop")]
    [InlineData("cart-0", "..")]
    [InlineData("cart-0", "shop/pods/x")]
    [InlineData("cart-0", "sh.op")]
    public async Task Run_NameThatIsNone_IsInvalidAndSendsNothing(string pod, string namespaceName)
    {
        await using var rig = await ActionnerRig.StartAsync();

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor(namespaceName, pod)));

        Assert.Equal(FailureKind.Invalid, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Fact]
    public async Task Run_NoPodAndNoContainer_IsInvalid()
    {
        await using var rig = await ActionnerRig.StartAsync();

        var outcome = await rig.RunAsync(ActionnerRig.Request(
            Name, TestEvents.Syscall(ActionnerRig.Later(), ("k8s.pod.name", "<NA>"), ("k8s.ns.name", null), ("container.id", "host"))));

        Assert.Equal(FailureKind.Invalid, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Theory]
    [InlineData("pods", "success")]
    [InlineData("configmaps", "failure")]
    public async Task Run_AuditEvent_MeansAPodOnlyWhenItsTargetIsOne(string resource, string status)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");

        var outcome = await rig.RunAsync(ActionnerRig.Request(
            Name,
            TestEvents.Audit(
                TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1), ("ka.target.namespace", "shop"), ("ka.target.name", "cart-0"), ("ka.target.resource", resource))));

        Assert.Equal(status, outcome.Status);
        Assert.Equal(status == "success" ? 1 : 0, rig.Server.Effects.Count);
    }

    [Fact]
    public async Task Run_ParametersThatDoNotFit_AreInvalid()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"), Grace(-1)));

        Assert.Equal(FailureKind.Invalid, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Fact]
    public async Task ExclusionKey_IsTheObjectTheEventNames()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var terminate = rig.Find(Name);
        var action = ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")).Action;

        Assert.Equal("pod/shop/cart-0", terminate.ExclusionKey(ActionnerRig.EventFor("shop", "cart-0"), action));
        Assert.Equal("container/0123456789ab", terminate.ExclusionKey(TestEvents.Syscall(null, ("container.id", "0123456789ab")), action));
        Assert.Null(terminate.ExclusionKey(TestEvents.Syscall(null), action));
        Assert.Null(terminate.ExclusionKey(ActionnerRig.EventFor("shop", "../x"), action));
        Assert.Equal(TimeSpan.FromSeconds(30), terminate.DefaultTimeout(action));
    }

    [Fact]
    public async Task Prepare_DryRun_SaysWhatWouldBeDone()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");

        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(
            ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"), Grace(5)), ActionnerRig.Scope()));

        Assert.Equal($"terminate the pod shop/cart-0 (uid {pod.Uid}) with a grace period of 5 s", ready.Intent);
        Assert.Equal(new TargetRef("Pod", "shop", "cart-0", pod.Uid), ready.Target);
        Assert.Empty(rig.Writes);
    }

    private static ParameterMap Grace(int seconds) => ParameterMap.Empty.With("grace_period_seconds", new ParameterValue.Whole(seconds));
}
