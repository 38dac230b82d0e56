using System.Text.Json.Nodes;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Catalog;
using Talon.Actors.Contexts.K8sNode;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners;

/// <summary>Alerts that come before the kubelet has told the API server of the container, for each actionner that goes by the pod.</summary>
public sealed class LateContainerTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static TheoryData<string> OfPods { get; } =
    [
        .. PluginCatalog.Default.Actionners
            .Where(descriptor => descriptor is { IsBuilt: true, Rbac.Length: > 0 } && descriptor.Name.ToString() != "kubernetes:delete")
            .Select(descriptor => descriptor.Name.ToString()),
    ];

    public static TheoryData<string> OfContainers { get; } =
        ["kubernetes:exec", "kubernetes:script", "kubernetes:download", "kubernetes:log", "kubernetes:tcpdump", "kubernetes:sysdig"];

    [Theory]
    [MemberData(nameof(OfPods))]
    public async Task Prepare_IdNotReportedYet_ComesLaterAndThenActs(string name)
    {
        await using var rig = await StartAsync();
        var request = Request(name, ("container.id", Id[..12]));

        Assert.Contains(Id[..12], Assert.IsType<Preparation.Later>(await rig.Find(name).PrepareAsync(request, ActionnerRig.Scope())).Reason, StringComparison.Ordinal);
        Assert.All(rig.Server.Requests.All, one => Assert.Equal("GET", one.Method));

        Report(rig);
        Assert.IsType<Preparation.Ready>(await rig.Find(name).PrepareAsync(request, ActionnerRig.Scope()));
    }

    [Theory]
    [MemberData(nameof(OfPods))]
    public async Task Prepare_IdNotReportedYetAndNoPodName_ComesLaterAndThenActs(string name)
    {
        await using var rig = await StartAsync();
        var request = Request(name, ("k8s.pod.name", null), ("k8s.ns.name", null), ("container.id", Id[..12]));

        Assert.IsType<Preparation.Later>(await rig.Find(name).PrepareAsync(request, ActionnerRig.Scope()));

        Report(rig);
        await Eventually.TrueAsync(async () => await rig.Find(name).PrepareAsync(request, ActionnerRig.Scope()) is Preparation.Ready);
    }

    [Theory]
    [MemberData(nameof(OfPods))]
    public async Task Prepare_NotReportedFor10Seconds_IsDecided(string name)
    {
        await using var rig = await StartAsync();
        var request = Request(name, ("container.id", Id[..12])) with { AcceptedAt = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(11) };

        var done = Assert.IsType<Preparation.Done>(await rig.Find(name).PrepareAsync(request, ActionnerRig.Scope()));

        Assert.StartsWith("pod was replaced since the event: none of its containers has or had the id 0123456789ab; the pod was created at 20", Assert.IsType<ActionOutcome.Ignored>(done.Outcome).Reason);
    }

    [Theory]
    [MemberData(nameof(OfContainers))]
    public async Task Prepare_UidSaysWhichPodButTheContainerIsNotReported_ComesLater(string name)
    {
        await using var rig = await StartAsync();
        var request = Request(name, ("k8s.pod.uid", rig.Server.Store.FindPod("shop", "cart-0")!.Uid), ("container.id", Id[..12]));

        Assert.IsType<Preparation.Later>(await rig.Find(name).PrepareAsync(request, ActionnerRig.Scope()));

        Report(rig);
        Assert.IsType<Preparation.Ready>(await rig.Find(name).PrepareAsync(request, ActionnerRig.Scope()));
    }

    [Theory]
    [InlineData("kubernetes:terminate")]
    [InlineData("kubernetes:label")]
    public async Task Prepare_UidSaysWhichPod_WhatIsAboutThePodActsAtOnce(string name)
    {
        await using var rig = await StartAsync();
        var request = Request(name, ("k8s.pod.uid", rig.Server.Store.FindPod("shop", "cart-0")!.Uid), ("container.id", Id[..12]));

        Assert.IsType<Preparation.Ready>(await rig.Find(name).PrepareAsync(request, ActionnerRig.Scope()));
    }

    [Fact]
    public async Task LookUp_IdNotReportedYet_ComesLater()
    {
        await using var rig = await StartAsync();
        var context = K8sNodeModule.Module.Create!(rig.Ports, new ActionnerPorts(rig.Ports).PodResolver);

        Assert.IsType<ContextResult.Later>(await context.LookUpAsync(Request("kubernetes:label", ("container.id", Id[..12])), ActionnerRig.Scope()));
    }

    [Fact]
    public async Task Run_StaticPodByTheHashThatFalcoGives_CarriesTheUidOfItsMirror()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { IsMirror = true });
        string hash = pod.ToJson()["metadata"]!["annotations"]!["kubernetes.io/config.hash"]!.GetValue<string>();

        var outcome = await rig.RunAsync(Request("kubernetes:label", ("k8s.pod.uid", hash)));

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Contains(pod.Uid, Assert.Single(rig.Writes).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TcpdumpOnAStaticPod_IsRefusedBeforeAnythingIsWritten()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { IsMirror = true });

        var done = Assert.IsType<Preparation.Done>(
            await rig.Find("kubernetes:tcpdump").PrepareAsync(Request("kubernetes:tcpdump", ("k8s.pod.uid", pod.Uid)), ActionnerRig.Scope()));

        var failed = Assert.IsType<ActionOutcome.Failed>(done.Outcome);
        Assert.Equal((FailureKind.Rejected, "the pod mirrors a static pod: Kubernetes adds no container to one"), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData("k8smeta.pod.name", true)]
    [InlineData("k8s.pod.name", true)]
    [InlineData("ka.target.pod.name", true)]
    [InlineData("ka.user.name", false)]
    public async Task Run_NameThatAFieldGivesAPod_IsAPodsThoughTheTargetHasItToo(string field, bool found)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        var falcoEvent = TestEvents.Audit(
            ActionnerRig.Later(),
            ("ka.target.namespace", "shop"), ("ka.target.name", "cart-0"), ("ka.target.resource", "deployments"), (field, "cart-0"));

        var preparation = await rig.Find("kubernetes:label").PrepareAsync(
            Request("kubernetes:label") with { Event = falcoEvent, AcceptedAt = ActionnerRig.Later() }, ActionnerRig.Scope());

        Assert.Equal(found, preparation is Preparation.Ready);
    }

    private static ActionRequest Request(string name, params (string Name, object? Value)[] fields)
    {
        var now = TimeProvider.System.GetUtcNow();
        (string Name, object? Value)[] own = [("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0"), ("fd.rip", "203.0.113.7"), ("fd.name", "/etc/passwd"), ("proc.vpid", 7)];
        var falcoEvent = TestEvents.Create(
            "syscall", now, "node1", [.. own.Where(one => fields.All(field => field.Name != one.Name)), .. fields]);
        return EveryPluginTests.ExampleRequest(name) with { Event = falcoEvent, AcceptedAt = now };
    }

    private static async Task<ActionnerRig> StartAsync()
    {
        var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "cart" } });
        rig.Server.Store.Update("pods", "shop", "cart-0", pod =>
        {
            var status = (JsonObject)pod["status"]!["containerStatuses"]![0]!;
            status.Remove("containerID");
            status["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } };
        });
        return rig;
    }

    private static void Report(ActionnerRig rig) => rig.Server.Store.Update("pods", "shop", "cart-0", pod =>
    {
        var status = (JsonObject)pod["status"]!["containerStatuses"]![0]!;
        status["containerID"] = $"containerd://{Id}";
        status["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}" } };
    });
}
