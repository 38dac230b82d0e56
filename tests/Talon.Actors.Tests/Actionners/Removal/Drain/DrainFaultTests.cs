using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Drain;

/// <summary>Evictions that are refused, and what the minimum of healthy pods does.</summary>
public sealed class DrainFaultTests
{
    [Fact]
    public async Task Run_BudgetRefuses_IsCountedAfterOneTry()
    {
        await using var rig = await DrainRig.StartAsync();
        await rig.AddBudgetAsync("cart", "\"minAvailable\":1");

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request()));

        Assert.Equal(FailureKind.Rejected, failed.Kind);
        Assert.StartsWith(
            "the node node1 was not drained to the end: 0 pods evicted; 1 refused by a disruption budget; the first: cannot evict the pod shop/cart-0: 429",
            failed.Reason, StringComparison.Ordinal);
        Assert.Single(rig.Evictions());
    }

    [Fact]
    public async Task Run_BudgetFreesLater_IsTriedAgainUntilThen()
    {
        await using var rig = await DrainRig.StartAsync();
        await rig.AddBudgetAsync("cart", "\"minAvailable\":1");
        var relief = Eventually.TrueAsync(() => rig.Evictions().Count >= 2).ContinueWith(
            _ => rig.Server.Store.AddPod("shop", "cart-1", DrainRig.Seed() with { NodeName = AddNode(rig) }), TaskScheduler.Default);

        var outcome = await rig.RunAsync(DrainRig.Request(DrainRig.Wait(3000)));

        await relief;
        Assert.Equal("the node node1 was drained: 1 pod evicted", Assert.IsType<ActionOutcome.Succeeded>(outcome).Output);
        Assert.True(rig.Evictions().Count >= 3);
    }

    [Fact]
    public async Task Run_OneBudgetBlocks_DelaysNoOtherPod()
    {
        await using var rig = await DrainRig.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            rig.Server.Store.AddPod("shop", $"blocked-{i}", DrainRig.Seed("blocked"));
            rig.Server.Store.AddPod("shop", $"free-{i}", DrainRig.Seed("free"));
        }

        await rig.AddBudgetAsync("blocked", "\"minAvailable\":20");

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request(DrainRig.Wait(60))));

        Assert.Contains("21 pods evicted; 20 refused by a disruption budget", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TwoBudgets_IsACountedErrorThatIsFinal()
    {
        await using var rig = await DrainRig.StartAsync();
        await rig.AddBudgetAsync("cart", "\"minAvailable\":0", "one");
        await rig.AddBudgetAsync("cart", "\"minAvailable\":0", "two");

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request()));

        Assert.Equal(FailureKind.Rejected, failed.Kind);
        Assert.Contains("1 failed; the first: cannot evict the pod shop/cart-0: 500", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_IgnoreErrors_IsASuccessWithTheCounts()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(403, null, "create"));

        var outcome = await rig.RunAsync(DrainRig.Request(DrainRig.Flag("ignore_errors")));

        Assert.StartsWith("the node node1 was drained: 0 pods evicted; 1 failed; the first: ", Assert.IsType<ActionOutcome.Succeeded>(outcome).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(500, FailureKind.Rejected)]
    [InlineData(503, FailureKind.ServerError)]
    public async Task Run_EvictionsRefused_DecideTheKind(int status, FailureKind kind)
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(status, null, "create"));

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request())).Kind);
    }

    [Fact]
    public async Task Run_Throttled_ObeysRetryAfter()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(429, 1, "create") with { RetryAfterSeconds = 5 });

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(DrainRig.Request()));

        Assert.Equal(2, rig.Evictions().Count);
    }

    /// <summary>Throttled says that nothing was done: not so where the node was cordoned.</summary>
    [Theory]
    [InlineData(true, FailureKind.ServerError)]
    [InlineData(false, FailureKind.Throttled)]
    public async Task Run_ThrottledForLong_IsLeftToTheNextAttempt(bool cordon, FailureKind kind)
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(429, null, "create") with { RetryAfterSeconds = 7 });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request(DrainRig.Flag("cordon", cordon))));

        Assert.Equal((kind, TimeSpan.FromSeconds(7)), (failed.Kind, failed.RetryAfter));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Run_PodGoneOrReplacedMeanwhile_IsFine(int how)
    {
        await using var rig = await DrainRig.StartAsync();
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(DrainRig.Name).PrepareAsync(DrainRig.Request(), ActionnerRig.Scope()));
        rig.Server.Faults.Add(FaultRule.Delay(TimeSpan.FromMilliseconds(400), "create"));

        var running = rig.Find(DrainRig.Name).RunAsync(DrainRig.Request(), ready, ActionnerRig.Scope());
        await Eventually.TrueAsync(() => rig.Evictions().Count == 1);
        rig.Server.Store.Remove("pods", "shop", "cart-0");
        if (how == 409)
        {
            rig.Server.Store.AddPod("shop", "cart-0", DrainRig.Seed());
        }

        Assert.Equal("the node node1 was drained: 0 pods evicted; 1 already gone", Assert.IsType<ActionOutcome.Succeeded>(await running).Output);
        Assert.Equal(how == 409, rig.Server.Store.FindPod("shop", "cart-0") is { IsTerminating: false });
    }

    [Theory]
    [InlineData("patch", "cannot cordon the node node1")]
    [InlineData("list", "cannot list the pods of the node node1")]
    public async Task Run_CordonOrListForbidden_EvictsNothing(string verb, string reason)
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(403, null, verb));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request()));

        Assert.Equal(FailureKind.Forbidden, failed.Kind);
        Assert.StartsWith(reason, failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Evictions());
    }

    [Theory]
    [InlineData("60%", 4, 6)]
    [InlineData("100%", 0, 10)]
    [InlineData("0", 10, 0)]
    public async Task Run_TenPodsOfOneReplicaSet_NeverGoBelowTheMinimum(string minimum, int evicted, int kept)
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddReplicaSet("web", "web", 10);

        var outcome = await rig.RunAsync(DrainRig.Request(("min_healthy_replicas", new ParameterValue.Text(minimum))));

        string output = Assert.IsType<ActionOutcome.Succeeded>(outcome).Output;
        Assert.StartsWith($"the node node1 was drained: {evicted + 1} pods evicted", output.Replace("1 pod evicted", "1 pods evicted", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(kept > 0, output.Contains($"; {kept} kept by min_healthy_replicas", StringComparison.Ordinal));
        Assert.Equal(kept, rig.Server.Store.List("pods", "web").Count(pod => !pod.IsTerminating));
    }

    [Fact]
    public async Task Run_PodsOfAStatefulSet_NeverGoBelowTheMinimum()
    {
        await using var rig = await DrainRig.StartAsync();
        await Objects.CreateWorkloadAsync(rig, "StatefulSet", "db", """{"app":"db"}""", replicas: 5);
        await Eventually.TrueAsync(() => rig.Server.Store.List("pods", "shop").Count(pod => pod.Labels.GetValueOrDefault("app") == "db") == 5);

        var outcome = await rig.RunAsync(DrainRig.Request(("min_healthy_replicas", new ParameterValue.Text("3"))));

        Assert.Contains("; 3 kept by min_healthy_replicas", Assert.IsType<ActionOutcome.Succeeded>(outcome).Output, StringComparison.Ordinal);
        Assert.Equal(2, rig.Evictions().Count(eviction => eviction.Path.Contains("/pods/db-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_OwnerThatCannotBeCounted_IsAFailureThatSaysSoAndTheOthersAreEvicted()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cloned", DrainRig.Seed(owner: new OwnerSeed("CloneSet", "c", ApiVersion: "apps.kruise.io/v1alpha1")));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request(("min_healthy_replicas", new ParameterValue.Text("1")))));

        Assert.Contains("1 pod evicted (1 not waited for); 1 failed; min_healthy_replicas does not apply to 1 of the evicted, which have no replicas", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("the first: min_healthy_replicas cannot be kept for the pod cloned", failed.Reason, StringComparison.Ordinal);
        Assert.EndsWith("/pods/cart-0/eviction", Assert.Single(rig.Evictions()).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MinimumIsMetElsewhereLater_TheRestFollows()
    {
        await using var rig = await DrainRig.StartAsync();
        var set = rig.Server.Store.AddReplicaSet("web", "web", 2);
        string node = AddNode(rig);
        var relief = Eventually.TrueAsync(() => rig.Server.Requests.All.Count(request => request.Path.Contains("/replicasets/", StringComparison.Ordinal)) >= 4)
            .ContinueWith(_ =>
            {
                for (int i = 0; i < 2; i++)
                {
                    rig.Server.Store.AddPod("web", $"web-new-{i}", new PodSeed
                    {
                        NodeName = node,
                        Owner = OwnerSeed.Of(set),
                        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" },
                    });
                }
            }, TaskScheduler.Default);

        var outcome = await rig.RunAsync(DrainRig.Request(("min_healthy_replicas", new ParameterValue.Text("2")), DrainRig.Wait(3000)));

        await relief;
        Assert.Equal(
            "the node node1 was drained: 3 pods evicted; min_healthy_replicas does not apply to 1 of the evicted, which have no replicas", Assert.IsType<ActionOutcome.Succeeded>(outcome).Output);
    }

    [Fact]
    public async Task Run_ReplicaSetCannotBeRead_IsCountedAsFailed()
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddReplicaSet("web", "web", 2);
        rig.Server.Faults.Add(FaultRule.Answer(403, null, "get") with { Resource = "replicasets" });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request(("min_healthy_replicas", new ParameterValue.Text("1")))));

        Assert.Equal(FailureKind.Forbidden, failed.Kind);
        Assert.Contains("1 pod evicted (1 not waited for); 2 failed", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TurnsRunOut_EvictsOnlyWhatIsNotCounted()
    {
        await using var rig = await DrainRig.StartAsync(clusterLocks: new LocalLocks { Valid = false });
        rig.Server.Store.AddReplicaSet("web", "web", 2);

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(DrainRig.Request(("min_healthy_replicas", new ParameterValue.Text("1")))));

        Assert.Equal(FailureKind.ServerError, failed.Kind);
        Assert.Contains("its turn to count the healthy pods has run out", failed.Reason, StringComparison.Ordinal);
        Assert.EndsWith("/pods/cart-0/eviction", Assert.Single(rig.Evictions()).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ManyPods_AreNotEvictedAllAtOnce()
    {
        await using var rig = await DrainRig.StartAsync();
        for (int i = 0; i < 40; i++)
        {
            rig.Server.Store.AddPod("shop", $"pod-{i}", DrainRig.Seed("many"));
        }

        rig.Server.Faults.Add(FaultRule.Delay(TimeSpan.FromMilliseconds(500), "create"));
        var running = rig.RunAsync(DrainRig.Request());
        await Eventually.TrueAsync(() => rig.Evictions().Count >= 8);

        Assert.InRange(rig.Evictions().Count, 8, 16);
        Assert.Contains("41 pods evicted", Assert.IsType<ActionOutcome.Succeeded>(await running).Output, StringComparison.Ordinal);
    }

    private static string AddNode(ActionnerRig rig)
    {
        if (rig.Server.Store.Find("nodes", null, "node2") is null)
        {
            rig.Server.Store.AddNode("node2");
        }

        return "node2";
    }
}
