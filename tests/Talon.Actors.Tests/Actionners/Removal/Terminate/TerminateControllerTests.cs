using System.Text;
using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Terminate;

/// <summary><c>min_healthy_replicas</c> for every kind of owner that a pod can have.</summary>
public sealed class TerminateControllerTests
{
    private const string Name = "kubernetes:terminate";
    private static readonly Dictionary<string, string> Web = new(StringComparer.Ordinal) { ["app"] = "cart" };

    [Theory]
    [InlineData("StatefulSet", "2", true)]
    [InlineData("StatefulSet", "3", false)]
    [InlineData("StatefulSet", "66%", true)]
    [InlineData("StatefulSet", "67%", false)]
    [InlineData("DaemonSet", "2", true)]
    [InlineData("DaemonSet", "3", false)]
    [InlineData("DaemonSet", "66%", true)]
    [InlineData("DaemonSet", "67%", false)]
    public async Task Run_PodsOfASet_CountsWhatWouldRemain(string kind, string minimum, bool terminated)
    {
        await using var rig = await StartAsync(kind, 3);
        var pods = rig.Server.Store.List("pods", "shop");

        var outcome = await rig.RunAsync(Request(pods[0].Name, minimum));

        Assert.Equal(terminated ? 1 : 0, rig.Server.Effects.CountFor(pods[0].Uid));
        if (terminated)
        {
            Assert.DoesNotContain("min_healthy_replicas", Assert.IsType<ActionOutcome.Succeeded>(outcome).Output, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(
                $"min_healthy_replicas is {minimum}, and without the pod 2 healthy of 3 wanted pods of the {kind} cart would remain",
                Assert.IsType<ActionOutcome.Ignored>(outcome).Reason);
            Assert.Empty(rig.Writes);
        }
    }

    [Theory]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Run_SixAlertsAtOnce_NeverGoBelowTheMinimum(string kind)
    {
        await using var rig = await StartAsync(kind, 6);
        var pods = rig.Server.Store.List("pods", "shop");
        var ready = new List<(ActionRequest Request, Preparation.Ready Ready)>();
        foreach (var pod in pods)
        {
            var request = Request(pod.Name, "4");
            ready.Add((request, Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()))));
        }

        var outcomes = await Task.WhenAll(ready.Select(one => Task.Run(() => rig.Find(Name).RunAsync(one.Request, one.Ready, ActionnerRig.Scope()))));

        Assert.Equal(2, outcomes.OfType<ActionOutcome.Succeeded>().Count());
        Assert.Equal(4, outcomes.OfType<ActionOutcome.Ignored>().Count());
        Assert.Equal(2, rig.Server.Effects.Count);
    }

    /// <summary>Whoever makes a pod writes its owners: only what the controller counts itself keeps another one alive.</summary>
    [Theory]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Run_PodsThatOnlyLookLikeReplicas_DoNotCount(string kind)
    {
        await using var rig = await StartAsync(kind, 2);
        var pods = rig.Server.Store.List("pods", "shop");
        string uid = rig.Server.Store.List($"{kind.ToLowerInvariant()}s", "shop")[0].Uid;
        for (int i = 0; i < 5; i++)
        {
            rig.Server.Store.AddPod("shop", $"labels-{i}", new PodSeed { Labels = Web });
            rig.Server.Store.AddPod("shop", $"owner-{i}", new PodSeed { Labels = Web });
            rig.Server.Store.Update("pods", "shop", $"owner-{i}", pod => pod["metadata"]!["ownerReferences"] = new JsonArray(
                new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = kind, ["name"] = "cart", ["uid"] = uid, ["controller"] = false }));
        }

        Assert.Contains("without the pod 1 healthy of 2 wanted", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request(pods[0].Name, "2"))).Reason, StringComparison.Ordinal);
    }

    /// <summary>The number of wanted pods in the status is that of another generation: nothing goes by it, and it is tried again.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("1%")]
    public async Task Run_StatusOfADaemonSetIsOld_WritesNothingAndMayBeTriedAgain(string minimum)
    {
        var status = new OldStatus();
        await using var rig = await StartAsync("DaemonSet", 3, status);
        var request = Request(rig.Server.Store.List("pods", "shop")[0].Name, minimum);
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        status.Shown = true;

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope()));

        Assert.Equal(FailureKind.NotSent, failed.Kind);
        Assert.Contains("how many pods the DaemonSet cart wants is not known yet", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
        status.Shown = false;
        Assert.IsType<ActionOutcome.Succeeded>(await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope()));
    }

    [Fact]
    public async Task Run_StandalonePod_IsTerminatedAndTheOutcomeSaysThatNothingWasCounted()
    {
        await using var rig = await ActionnerRig.StartAsync();
        string uid = rig.Server.Store.AddPod("shop", "alone").Uid;
        var request = Request("alone", "100%");

        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope()));

        const string Note = "; min_healthy_replicas does not apply: it is a standalone pod";
        Assert.Equal($"the pod alone in the namespace shop was terminated (uid {uid}){Note}", done.Output);
        Assert.EndsWith(Note, ready.Intent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Job", "batch/v1", true, "it belongs to the Job owner")]
    [InlineData("ReplicaSet", "apps/v1", false, "none of its owners is its controller")]
    [InlineData("Widget", "example.com/v1", false, "none of its owners is its controller")]
    public async Task Run_OwnerWithoutReplicas_IsTerminatedAndTheOutcomeSaysSo(string kind, string apiVersion, bool controller, string why)
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddOwned(rig, kind, apiVersion, controller);

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request("owned", "100%")));

        Assert.EndsWith($"; min_healthy_replicas does not apply: {why}", done.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReplicationController", "v1")]
    [InlineData("Job", "example.com/v1")]
    [InlineData("ReplicaSet", "example.com/v1")]
    [InlineData("StatefulSet", "apps.example.com/v1")]
    [InlineData("Deployment", "apps/v1")]
    [InlineData("CloneSet", "apps.kruise.io/v1alpha1")]
    public async Task Run_OwnerThatCannotBeCounted_IsRefusedWithTheReason(string kind, string apiVersion)
    {
        await using var rig = await ActionnerRig.StartAsync();
        AddOwned(rig, kind, apiVersion, controller: true);

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request("owned", "0")));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.Equal(
            "min_healthy_replicas cannot be kept for the pod owned in the namespace shop: "
            + $"it belongs to the {kind} owner of {apiVersion}, whose replicas Talon cannot count",
            failed.Reason);
        Assert.Empty(rig.Writes);
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "owned"))));
    }

    /// <summary>A pod has one controller at most; its other owners only take it along when they go.</summary>
    [Fact]
    public async Task Run_MoreThanOneOwner_TheControllerCounts()
    {
        await using var rig = await StartAsync("StatefulSet", 1);
        rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["metadata"]!["ownerReferences"]!.AsArray().Insert(
            0, new JsonObject { ["apiVersion"] = "example.com/v1", ["kind"] = "Widget", ["name"] = "w", ["uid"] = "u-w" }));

        Assert.Contains("of the StatefulSet cart would remain", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request("cart-0", "1"))).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Run_SetCannotBeRead_IsAFailureWithoutAWrite(string kind)
    {
        await using var rig = await StartAsync(kind, 3);
        rig.Server.Faults.Add(FaultRule.Answer(403, null, "get") with { Resource = $"{kind.ToLowerInvariant()}s" });

        var outcome = await rig.RunAsync(Request(rig.Server.Store.List("pods", "shop")[0].Name, "1"));

        Assert.Equal(FailureKind.Forbidden, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Writes);
    }

    private static ActionRequest Request(string pod, string minimum) => ActionnerRig.Request(
        Name, ActionnerRig.EventFor("shop", pod), ParameterMap.Empty.With("min_healthy_replicas", new ParameterValue.Text(minimum)));

    private static void AddOwned(ActionnerRig rig, string kind, string apiVersion, bool controller)
    {
        rig.Server.Store.AddPod("shop", "owned", new PodSeed { Owner = new OwnerSeed(kind, "owner", ApiVersion: apiVersion) });
        rig.Server.Store.Update("pods", "shop", "owned", pod => pod["metadata"]!["ownerReferences"]![0]!["controller"] = controller);
    }

    // A set named cart with that many pods: a DaemonSet has one on each node.
    private static async Task<ActionnerRig> StartAsync(string kind, int pods, DelegatingHandler? handler = null)
    {
        var rig = await ActionnerRig.StartAsync(extraHandlers: handler is null ? null : [() => handler]);
        foreach (int i in Enumerable.Range(2, kind == "DaemonSet" ? pods - 1 : 0))
        {
            rig.Server.Store.AddNode($"node{i}");
        }

        await Objects.CreateWorkloadAsync(rig, kind, "cart", replicas: pods);
        await Eventually.TrueAsync(() => rig.Server.Store.List("pods", "shop").Count == pods);
        return rig;
    }

    /// <summary>Shows a DaemonSet whose specification was changed after its controller looked at it last.</summary>
    private sealed class OldStatus : DelegatingHandler
    {
        public bool Shown { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (Shown && request.RequestUri!.AbsolutePath.Contains("/daemonsets/", StringComparison.Ordinal))
            {
                var set = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
                set["metadata"]!["generation"] = (long)set["status"]!["observedGeneration"]! + 1;
                response.Content = new StringContent(set.ToJsonString(), Encoding.UTF8, "application/json");
            }

            return response;
        }
    }
}
