using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Policies;

/// <summary>Workloads of one name and different kinds in one namespace, and policies that were made under former names.</summary>
public sealed class PolicyKindsTests
{
    public static TheoryData<string> Policies => PolicyRig.All;

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_WorkloadsOfOneNameAndAllKinds_AreAllHeldByPoliciesOfTheirOwn(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();
        string[] kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
        foreach (string kind in kinds)
        {
            await Objects.CreateWorkloadAsync(rig, kind, "web", Labels(kind));
            Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(RequestFor(rig, actionner, kind)));
        }

        foreach (string kind in kinds)
        {
            Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(RequestFor(rig, actionner, kind)));
        }

        Assert.Equal(
            ["talon-daemonset-web", "talon-replicaset-web", "talon-statefulset-web", "talon-web"],
            rig.Server.Store.List(PolicyRig.Resource(actionner), "shop").Select(policy => policy.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_PolicyUnderTheFormerName_GoesOnBeingUsed(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateWorkloadAsync(rig, "StatefulSet", "web", Labels("StatefulSet"));
        await AddFormerAsync(rig, actionner, "talon-web", "StatefulSet", "web");

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(RequestFor(rig, actionner, "StatefulSet")));

        Assert.Contains("talon-web was updated for the StatefulSet web", done.Output, StringComparison.Ordinal);
        Assert.Contains("talon-web", done.Objects.Values);
        Assert.Equal("talon-web", Assert.Single(rig.Server.Store.List(PolicyRig.Resource(actionner), "shop")).Name);
    }

    /// <summary>The former name of one is the name of the other, which was never held until now.</summary>
    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_ItsNameIsTheFormerOneOfAnother_IsHeldUnderTheReserve(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateWorkloadAsync(rig, "Deployment", "web", Labels("Deployment"));
        await AddFormerAsync(rig, actionner, "talon-web", "StatefulSet", "web");
        string before = Objects.Read(rig, PolicyRig.Resource(actionner), "talon-web").ToJsonString();

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(RequestFor(rig, actionner, "Deployment")));

        string reserve = Assert.Single(done.Objects.Values, value => value.StartsWith("talon-deployment-web-", StringComparison.Ordinal));
        Assert.Equal(before, Objects.Read(rig, PolicyRig.Resource(actionner), "talon-web").ToJsonString());
        Assert.NotNull(Objects.Read(rig, PolicyRig.Resource(actionner), reserve));

        // The name has become free: the workload keeps the policy that it has.
        rig.Server.Store.Remove(PolicyRig.Resource(actionner), "shop", "talon-web");
        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(RequestFor(rig, actionner, "Deployment")));
        Assert.Equal(reserve, Assert.Single(rig.Server.Store.List(PolicyRig.Resource(actionner), "shop")).Name);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_NameAndReserveAreTakenByOthers_IsAConflictThatNamesThem(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateWorkloadAsync(rig, "Deployment", "web", Labels("Deployment"));
        await AddFormerAsync(rig, actionner, "talon-web", "StatefulSet", "web");
        string reserve = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(RequestFor(rig, actionner, "Deployment")))
            .Objects.Values.Single(value => value.StartsWith("talon-deployment-", StringComparison.Ordinal));
        rig.Server.Store.Remove(PolicyRig.Resource(actionner), "shop", reserve);
        await AddFormerAsync(rig, actionner, reserve, "Job", "other");

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(RequestFor(rig, actionner, "Deployment")));

        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.Contains($"{reserve} exists and is left as it is: it belongs to another workload (Job other, and not to Deployment web)", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    /// <summary>Two nodes hold two workloads of one name at the same time, and each of them twice.</summary>
    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_TwoKindsOnTwoNodesAtOnce_OnePolicyAWorkload(string actionner)
    {
        int posts = 0;
        ActionnerRig? started = null;
        await using var rig = await ActionnerRig.StartAsync(extraHandlers: [() => new Interposer(async request =>
        {
            if (request.Method == HttpMethod.Post && Interlocked.Increment(ref posts) == 1)
            {
                // The other node is first with both.
                Assert.IsType<ActionOutcome.Succeeded>(await started!.RunAsAdministratorAsync(RequestFor(started, actionner, "StatefulSet")));
                Assert.IsType<ActionOutcome.Succeeded>(await started.RunAsAdministratorAsync(RequestFor(started, actionner, "Deployment")));
            }
        })]);
        started = rig;
        await Objects.CreateWorkloadAsync(rig, "Deployment", "web", Labels("Deployment"));
        await Objects.CreateWorkloadAsync(rig, "StatefulSet", "web", Labels("StatefulSet"));
        await AddFormerAsync(rig, actionner, "talon-web", "Pod", "web");

        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(RequestFor(rig, actionner, "Deployment")));
        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(RequestFor(rig, actionner, "StatefulSet")));

        Assert.Equal([409], rig.Writes.Select(write => write.Status));
        Assert.Equal(
            ["Deployment", "Pod", "StatefulSet"],
            rig.Server.Store.List(PolicyRig.Resource(actionner), "shop")
                .Select(policy => (string)policy.ToJson()["metadata"]!["annotations"]!["talon/owner-kind"]!).Order(StringComparer.Ordinal));
    }

    private static string Labels(string kind) => $$"""{"app":"{{kind.ToLowerInvariant()}}"}""";

    private static ActionRequest RequestFor(ActionnerRig rig, string actionner, string kind) => PolicyRig.RequestFor(
        rig.Server.Store.List("pods", "shop").First(pod => string.Equals(pod.Labels.GetValueOrDefault("app"), kind, StringComparison.OrdinalIgnoreCase)).Name, actionner);

    // A policy of Talon as the build before wrote it.
    private static Task<JsonObject> AddFormerAsync(ActionnerRig rig, string actionner, string name, string kind, string owner) => rig.AddPolicyAsync(
        actionner,
        name,
        "{}",
        $$$""","labels":{"app.kubernetes.io/managed-by":"talon"},"annotations":{"talon/owner-kind":"{{{kind}}}","talon/owner-name":"{{{owner}}}","talon/owner-uid":"u-1"}""");
}
