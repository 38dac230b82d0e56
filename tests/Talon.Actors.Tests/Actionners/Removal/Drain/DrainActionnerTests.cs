using System.Text.Json.Nodes;
using Talon.Actors.Catalog;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Drain;

public sealed class DrainActionnerTests
{
    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:drain", "the node of a pod", ParameterMap.Empty, RbacScenario.StandaloneAsync),
        .. RbacScenario.Counted(
            "kubernetes:drain", RbacScenario.Texts(("min_healthy_replicas", "0")).With("ignore_daemonsets", new ParameterValue.Flag(false))),
    ];

    [Fact]
    public async Task Run_Defaults_CordonsThenEvictsEachPodByItsUidOnce()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("other", "api-0", DrainRig.Seed());
        rig.Server.Store.AddNode("node2");
        rig.Server.Store.AddPod("shop", "elsewhere", new PodSeed { NodeName = "node2" });

        var outcome = await rig.RunAsync(DrainRig.Request());

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal("the node node1 was drained: 2 pods evicted (2 not waited for)", succeeded.Output);
        Assert.Equal(KeyValuePair.Create("node", "node1"), Assert.Single(succeeded.Objects));
        Assert.Equal("PATCH", rig.Writes[0].Method);
        Assert.Equal(2, rig.Evictions().Count);
        Assert.All(rig.Evictions(), write =>
            Assert.NotNull(JsonNode.Parse(write.Body)!["deleteOptions"]!["preconditions"]!["uid"]));
        Assert.False(rig.Server.Store.FindPod("shop", "elsewhere")!.IsTerminating);
    }

    [Fact]
    public async Task Run_CordonFalse_LeavesTheNodeSchedulable()
    {
        await using var rig = await DrainRig.StartAsync();

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(DrainRig.Request(DrainRig.Flag("cordon", false))));

        Assert.DoesNotContain(rig.Writes, write => write.Method == "PATCH");
        Assert.Single(rig.Evictions());
    }

    [Fact]
    public async Task Run_PodsThatAreNotItsBusiness_AreLeftAloneWithAReason()
    {
        await using var rig = await DrainRig.StartAsync();
        var store = rig.Server.Store;
        store.AddPod("shop", "mirror", DrainRig.Seed() with { Annotations = Map("kubernetes.io/config.mirror", "x") });
        store.AddPod("shop", "done", DrainRig.Seed() with { Phase = "Succeeded", RestartPolicy = "Never" });
        store.AddPod("shop", "agent", DrainRig.Seed(owner: new OwnerSeed("DaemonSet", "agent")));
        store.AddPod("shop", "db-0", DrainRig.Seed(owner: new OwnerSeed("StatefulSet", "db")));
        store.AddPod("kube-system", "proxy", DrainRig.Seed());
        store.AddPod("talon", "talon-0", DrainRig.Seed());

        var outcome = await rig.RunAsync(DrainRig.Request(DrainRig.Flag("ignore_statefulsets")));

        Assert.Equal(
            "the node node1 was drained: 1 pod evicted (1 not waited for); left alone: 1 finished, 1 in Talon's own namespace, 1 in protected namespaces, 1 mirror, 1 of DaemonSets, 1 of StatefulSets",
            Assert.IsType<ActionOutcome.Succeeded>(outcome).Output);
        Assert.Contains("/pods/cart-0/", Assert.Single(rig.Evictions()).Path, StringComparison.Ordinal);
    }

    /// <summary>Whoever makes a pod writes its labels, its annotations and its owners: none of them may keep it on the node.</summary>
    [Fact]
    public async Task Run_PodThatLooksLikeOneThatStays_IsEvicted()
    {
        await using var rig = await DrainRig.StartAsync();
        var store = rig.Server.Store;
        foreach (string name in new[] { "falco", "falcosidekick", "falco-talon" })
        {
            store.AddPod("shop", name, DrainRig.Seed() with { Labels = Map("app.kubernetes.io/name", name) });
        }

        store.AddPod("shop", "other-group", DrainRig.Seed(owner: new OwnerSeed("DaemonSet", "agent", ApiVersion: "evil.example.com/v1")));
        store.AddPod("shop", "no-controller", DrainRig.Seed(owner: new OwnerSeed("DaemonSet", "agent")));
        store.Update("pods", "shop", "no-controller", pod => pod["metadata"]!["ownerReferences"]![0]!["controller"] = false);

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(DrainRig.Request()));

        Assert.Equal("the node node1 was drained: 6 pods evicted (6 not waited for)", done.Output);
        Assert.Equal(6, rig.Evictions().Count);
    }

    [Fact]
    public async Task Run_DaemonSetsAndStatefulSetsAskedFor_AreEvicted()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("shop", "agent", DrainRig.Seed(owner: new OwnerSeed("DaemonSet", "agent")));
        rig.Server.Store.AddPod("shop", "db-0", DrainRig.Seed(owner: new OwnerSeed("StatefulSet", "db")));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(DrainRig.Request(DrainRig.Flag("ignore_daemonsets", false))));

        Assert.Equal(3, rig.Evictions().Count);
    }

    [Fact]
    public async Task Prepare_DryRun_TellsWhatWouldGo()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("kube-system", "proxy", DrainRig.Seed());

        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(DrainRig.Name).PrepareAsync(DrainRig.Request(), ActionnerRig.Scope()));

        Assert.EndsWith("evict 1 pod; left alone: 1 in protected namespaces", ready.Intent, StringComparison.Ordinal);
        Assert.StartsWith("cordon and drain the node node1", ready.Intent, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_MaxWaitPeriod_WaitsUntilThePodsAreGone()
    {
        await using var rig = await DrainRig.StartAsync();

        var outcome = await rig.RunAsync(DrainRig.Request(DrainRig.Wait(600)));

        Assert.Equal("the node node1 was drained: 1 pod evicted", Assert.IsType<ActionOutcome.Succeeded>(outcome).Output);
        Assert.Null(rig.Server.Store.FindPod("shop", "cart-0"));
    }

    [Fact]
    public async Task Run_PodStaysLongerThanTheWait_IsAFailureThatCounts()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("shop", "stuck", DrainRig.Seed() with { Finalizers = ["example.com/keep"] });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request(DrainRig.Wait(60))));

        Assert.Equal(FailureKind.Rejected, failed.Kind);
        Assert.Equal("the node node1 was not drained to the end: 2 pods evicted; 1 still there after 60 s", failed.Reason);
    }

    [Fact]
    public async Task Run_ExcludedNamespace_IsEvictedButNotWaitedFor()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("batch", "stuck", DrainRig.Seed() with { Finalizers = ["example.com/keep"] });

        var outcome = await rig.RunAsync(DrainRig.Request(
            DrainRig.Wait(600), ("wait_period_excluded_namespaces", new ParameterValue.List([new ParameterValue.Text("batch")]))));

        Assert.Equal("the node node1 was drained: 2 pods evicted (1 not waited for)", Assert.IsType<ActionOutcome.Succeeded>(outcome).Output);
    }

    [Fact]
    public async Task Run_PodThatTerminatesAlready_IsWaitedForButNotEvicted()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("shop", "leaving", DrainRig.Seed() with { Finalizers = ["example.com/keep"] });
        await rig.Ports.Kubernetes.Pods.DeleteAsync(
            Names.Namespace("shop"), Names.Of("leaving"), rig.Server.Store.FindPod("shop", "leaving")!.Uid, null, ActionnerRig.Scope());

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request(DrainRig.Wait(60))));

        Assert.Equal("the node node1 was not drained to the end: 1 pod evicted; 1 terminating before; 1 still there after 60 s", failed.Reason);
        Assert.Single(rig.Evictions());
    }

    [Fact]
    public async Task Run_StatefulSetPodThatComesBackUnderItsName_CountsAsGone()
    {
        await using var rig = await DrainRig.StartAsync();
        string old = rig.Server.Store.AddPod("shop", "db-0", DrainRig.Seed(owner: new OwnerSeed("StatefulSet", "db"))).Uid;
        var back = Eventually.TrueAsync(() => rig.Server.Store.FindPod("shop", "db-0") is null)
            .ContinueWith(_ => rig.Server.Store.AddPod("shop", "db-0", DrainRig.Seed(owner: new OwnerSeed("StatefulSet", "db"))), TaskScheduler.Default);

        var outcome = await rig.RunAsync(DrainRig.Request(DrainRig.Wait(3000)));

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.NotEqual(old, (await back).Uid);
        Assert.Equal(2, rig.Evictions().Count);
    }

    [Fact]
    public async Task Run_SecondDrainOfTheNode_IsIgnored()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("shop", "stuck", DrainRig.Seed() with { Finalizers = ["example.com/keep"] });
        using var stop = new CancellationTokenSource();
        var first = rig.RunAsync(DrainRig.Request(DrainRig.Wait(3600)), ActionnerRig.Scope(token: stop.Token));
        await Eventually.TrueAsync(() => rig.Evictions().Count == 2);

        var second = await rig.RunAsync(DrainRig.Request());
        await stop.CancelAsync();

        Assert.Equal("a drain of the node node1 is already running", Assert.IsType<ActionOutcome.Ignored>(second).Reason);
        var failed = Assert.IsType<ActionOutcome.Failed>(await first);
        Assert.Equal(FailureKind.Timeout, failed.Kind);
        Assert.StartsWith("the deadline came before the end of draining the node node1: 2 pods evicted", failed.Reason, StringComparison.Ordinal);
        rig.Server.Store.AddPod("shop", "another", DrainRig.Seed());
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(DrainRig.Request() with { EarlierTarget = NodeOf(rig) }));
    }

    [Fact]
    public async Task Run_LongDrain_WritesItsProgress()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("shop", "stuck", DrainRig.Seed() with { Finalizers = ["example.com/keep"] });

        await rig.RunAsync(DrainRig.Request(DrainRig.Wait(60)));

        Assert.InRange(rig.Log.Lines.Count, 1, 13);
        var line = rig.Log.Lines[^1];
        Assert.Equal(("action", "in_progress", "kubernetes:drain"), (line.Message, line.Status, line.Actionner));
        Assert.StartsWith("draining the node node1: 2 of 2 pods evicted, ", line.Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Repeated_NeedsNoPod()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("shop", "left", DrainRig.Seed());
        rig.Server.Store.Remove("pods", "shop", "cart-0");

        var outcome = await rig.RunAsync(DrainRig.Request() with { EarlierTarget = NodeOf(rig) });

        Assert.Contains("1 pod evicted", Assert.IsType<ActionOutcome.Succeeded>(outcome).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultTimeout_CoversTheWait()
    {
        var actionner = PluginCatalog.Default.FindActionner(ActionnerName.Parse(DrainRig.Name))!;
        Assert.True(actionner.LongRunning);
        Assert.Equal(TimeSpan.FromSeconds(120), Timeout(DrainRig.Request(DrainRig.Wait(90))));
        Assert.Equal(TimeSpan.FromSeconds(30), Timeout(DrainRig.Request()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_NothingToEvictAndNothingToCordon_IsIgnoredUnlessAnEarlierAttemptMayHaveDoneIt(bool cordon)
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("kube-system", "proxy", DrainRig.Seed());
        var first = await rig.RunAsync(DrainRig.Request(DrainRig.Wait(600), DrainRig.Flag("cordon", cordon)));
        Assert.IsType<ActionOutcome.Succeeded>(first);
        rig.Server.Store.AddPod("kube-system", "cart-1", DrainRig.Seed());
        var request = DrainRig.Request(DrainRig.Flag("cordon", cordon)) with { Event = ActionnerRig.EventFor("kube-system", "cart-1") };
        int writes = rig.Writes.Count;

        Assert.Equal(
            $"there is no pod to evict on the node node1{(cordon ? ", and it is cordoned" : "")}; left alone: 2 in protected namespaces",
            Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(request)).Reason);
        Assert.Contains(
            "drained by an earlier attempt",
            Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(request with { EarlierTarget = NodeOf(rig) })).Output,
            StringComparison.Ordinal);
        Assert.Equal(writes, rig.Writes.Count);
    }

    /// <summary>All pods are kept: the node that was cordoned before is as it was.</summary>
    [Fact]
    public async Task Run_EveryPodIsKept_IsIgnoredWithTheCounts()
    {
        await using var rig = await DrainRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(DrainRig.Request(DrainRig.Wait(600))));
        rig.Server.Store.AddReplicaSet("web", "web", 2);
        var pod = rig.Server.Store.List("pods", "web")[0];
        var request = DrainRig.Request(("min_healthy_replicas", new ParameterValue.Text("2"))) with { Event = ActionnerRig.EventFor("web", pod.Name) };

        Assert.Equal(
            "nothing was done to the node node1: 0 pods evicted; 2 kept by min_healthy_replicas", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(request)).Reason);
    }

    private static TargetRef NodeOf(ActionnerRig rig) => new("Node", null, "node1", rig.Server.Store.Find("nodes", null, "node1")!.Uid);

    private static TimeSpan Timeout(ActionRequest request) =>
        new Talon.Actors.Actionners.Removal.Drain.DrainActionner(null!, null!, null!, null!, null!, TimeProvider.System, new KeptLog()).DefaultTimeout(request.Action);

    private static Dictionary<string, string> Map(string key, string value) => new(StringComparer.Ordinal) { [key] = value };
}
