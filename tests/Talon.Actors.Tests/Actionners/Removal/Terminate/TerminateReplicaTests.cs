using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Terminate;

public sealed class TerminateReplicaTests
{
    private const string Name = "kubernetes:terminate";

    [Theory]
    [InlineData("2", 3, 0, true)]
    [InlineData("3", 3, 0, false)]
    [InlineData("1", 3, 1, true)]
    [InlineData("2", 3, 1, false)]
    [InlineData("33%", 3, 1, true)]
    [InlineData("34%", 3, 1, false)]
    [InlineData("66%", 3, 0, true)]
    [InlineData("67%", 3, 0, false)]
    [InlineData("0%", 1, 0, true)]
    [InlineData("1", 1, 0, false)]
    public async Task Run_MinHealthyReplicas_CountsWhatWouldRemain(string minimum, int replicas, int unready, bool terminated)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pods = AddSet(rig, replicas);
        foreach (var pod in pods.Skip(1).Take(unready))
        {
            SetReady(rig, pod.Name, ready: false);
        }

        var outcome = await rig.RunAsync(Request(pods[0].Name, minimum));

        Assert.Equal(terminated ? 1 : 0, rig.Server.Effects.CountFor(pods[0].Uid));
        if (terminated)
        {
            Assert.IsType<ActionOutcome.Succeeded>(outcome);
        }
        else
        {
            string reason = Assert.IsType<ActionOutcome.Ignored>(outcome).Reason;
            Assert.Contains($"min_healthy_replicas is {minimum}", reason, StringComparison.Ordinal);
            Assert.Contains($"{replicas - 1 - unready} healthy of {replicas} wanted", reason, StringComparison.Ordinal);
            Assert.Empty(rig.Writes);
        }
    }

    [Fact]
    public async Task Run_UnhealthyTarget_TakesNothingFromTheHealthy()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pods = AddSet(rig, 3);
        SetReady(rig, pods[0].Name, ready: false);

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(pods[0].Name, "2")));
        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request(pods[1].Name, "2")));
    }

    [Fact]
    public async Task Run_TerminatingPods_DoNotCount()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pods = AddSet(rig, 3);

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(pods[0].Name, "2")));
        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request(pods[1].Name, "2")));
    }

    [Fact]
    public async Task Run_PodsOfAnotherSetWithTheSameLabels_DoNotCount()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pods = AddSet(rig, 2);
        for (int i = 0; i < 5; i++)
        {
            rig.Server.Store.AddPod("shop", $"stray-{i}", new PodSeed { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" } });
        }

        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request(pods[0].Name, "2")));
    }

    [Fact]
    public async Task Run_TenAlertsAtOnce_NeverGoBelowTheMinimum()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pods = AddSet(rig, 10);

        // All are prepared before the first runs: only the check at the run can hold the minimum.
        var ready = new List<(ActionRequest Request, Preparation.Ready Ready)>();
        foreach (var pod in pods)
        {
            var request = Request(pod.Name, "60%");
            ready.Add((request, Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()))));
        }

        var outcomes = await Task.WhenAll(ready.Select(one => Task.Run(() => rig.Find(Name).RunAsync(one.Request, one.Ready, ActionnerRig.Scope()))));

        Assert.Equal(4, outcomes.OfType<ActionOutcome.Succeeded>().Count());
        Assert.Equal(6, outcomes.OfType<ActionOutcome.Ignored>().Count());
        Assert.Equal(4, rig.Server.Effects.Count);
        Assert.Equal(6, rig.Server.Store.List("pods", "shop").Count(pod => !pod.IsTerminating));
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(404, FailureKind.NotFound)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task Run_ReplicaSetCannotBeRead_IsAFailureWithoutAWrite(int status, FailureKind kind)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pods = AddSet(rig, 3);
        rig.Server.Faults.Add(FaultRule.Answer(status, null, "get") with { Resource = "replicasets" });

        var outcome = await rig.RunAsync(Request(pods[0].Name, "1"));

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_PodsCannotBeListed_IsAFailureWithoutAWrite()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pods = AddSet(rig, 3);
        rig.Server.Faults.Add(FaultRule.Answer(403, null, "list"));

        Assert.Equal(FailureKind.Forbidden, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(pods[0].Name, "1"))).Kind);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_TurnRunsOutBeforeTheDeletion_IsNotSent()
    {
        var locks = new LocalLocks();
        await using var rig = await ActionnerRig.StartAsync(clusterLocks: locks);
        var pods = AddSet(rig, 3);
        var request = Request(pods[0].Name, "1");
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        locks.Valid = false;

        var outcome = Assert.IsType<ActionOutcome.Failed>(await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope()));

        Assert.Equal(FailureKind.NotSent, outcome.Kind);
        Assert.Contains("its turn to count the healthy pods has run out", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
        locks.Valid = true;
        Assert.IsType<ActionOutcome.Succeeded>(await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope())); // the turn was given back
    }

    [Fact]
    public async Task Run_TurnRunsOutWhileCounting_DeletesNothing()
    {
        var locks = new LocalLocks();
        await using var rig = await ActionnerRig.StartAsync(extraHandlers: [() => new AfterList(() => locks.Valid = false)], clusterLocks: locks);
        var pods = AddSet(rig, 3);
        var request = Request(pods[0].Name, "1");
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        locks.Valid = true;

        var outcome = Assert.IsType<ActionOutcome.Failed>(await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope()));

        Assert.Equal(FailureKind.NotSent, outcome.Kind);
        Assert.StartsWith("did not delete the pod", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_NoTurnBeforeTheDeadline_IsNotSent()
    {
        var locks = new LocalLocks();
        await using var rig = await ActionnerRig.StartAsync(clusterLocks: locks);
        var pods = AddSet(rig, 3);
        var request = Request(pods[0].Name, "1");
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        string owner = rig.Server.Store.List("replicasets", "shop").Single().Uid;
        using var other = await locks.AcquireAsync(owner, CancellationToken.None);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        var outcome = Assert.IsType<ActionOutcome.Failed>(await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope(token: deadline.Token)));

        Assert.Equal(FailureKind.NotSent, outcome.Kind);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_SetReplacedByAnotherOfItsName_IsAFailureWithoutAWrite()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pods = AddSet(rig, 3);
        rig.Server.Store.Update("pods", "shop", pods[0].Name, pod => pod["metadata"]!["ownerReferences"]![0]!["uid"] = "another");

        Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(pods[0].Name, "1")));
        Assert.Empty(rig.Writes);
    }

    /// <summary>Does something after each answer to a list of pods.</summary>
    private sealed class AfterList(Action then) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri!.AbsolutePath.EndsWith("/pods", StringComparison.Ordinal))
            {
                then();
            }

            return response;
        }
    }

    private static ActionRequest Request(string pod, string minimum) => ActionnerRig.Request(
        Name, ActionnerRig.EventFor("shop", pod), ParameterMap.Empty.With("min_healthy_replicas", new ParameterValue.Text(minimum)));

    private static List<StoredObject> AddSet(ActionnerRig rig, int replicas)
    {
        rig.Server.Store.AddReplicaSet(
            "shop", "web", replicas, new ReplicaSetSeed { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" } });
        return [.. rig.Server.Store.List("pods", "shop")];
    }

    private static void SetReady(ActionnerRig rig, string pod, bool ready) => rig.Server.Store.Update("pods", "shop", pod, json =>
    {
        foreach (var condition in json["status"]!["conditions"]!.AsArray().OfType<JsonObject>().Where(c => c["type"]!.GetValue<string>() == "Ready"))
        {
            condition["status"] = ready ? "True" : "False";
        }
    });
}
