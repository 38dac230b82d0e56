using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Tests.Actionners;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Clients.Kubernetes.Calls;

public sealed class PodFinderTests
{
    private const string Missing = "ffffffffffff";

    [Fact]
    public async Task Terminate_EventWithoutPodFields_FindsThePodByItsContainer()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Store.AddPod("shop", "cart-1");

        var outcome = await rig.RunAsync(ActionnerRig.Request(
            "kubernetes:terminate",
            TestEvents.Create("syscall", TimeProvider.System.GetUtcNow(), "node1", ("k8s.pod.name", null), ("container.id", IdOf(pod)[..12]))));

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal(1, rig.Server.Effects.CountFor(pod.Uid));
        Assert.Equal(1, rig.Server.Effects.Count);
    }

    [Fact]
    public async Task Find_KnownNode_ListsOnlyItsPods()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");

        var found = await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(IdOf(pod)), Node("node1"), ActionnerRig.Scope());

        Assert.True(found.TryGet(out var value, out _));
        Assert.Equal(pod.Uid, value.Metadata.Uid);
        Assert.Contains("spec.nodeName%3Dnode1", Assert.Single(rig.Server.Requests.All).Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node-that-is-not")]
    [InlineData(null)]
    public async Task Find_WrongOrUnknownNode_GoesThroughAllPods(string? node)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");

        var found = await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(IdOf(pod)), node is null ? null : Node(node), ActionnerRig.Scope());

        Assert.True(found.TryGet(out var value, out _));
        Assert.Equal(pod.Uid, value.Metadata.Uid);
    }

    [Fact]
    public async Task Find_ManyPods_GoesThroughThePages()
    {
        await using var rig = await ActionnerRig.StartAsync();
        for (int i = 0; i < 1_100; i++)
        {
            rig.Server.Store.AddPod("many", $"pod-{i:D5}");
        }

        var last = rig.Server.Store.AddPod("zoo", "last");

        var found = await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(IdOf(last)), null, ActionnerRig.Scope());

        Assert.True(found.TryGet(out var value, out _));
        Assert.Equal(last.Uid, value.Metadata.Uid);
        Assert.Equal(3, rig.Server.Requests.All.Count);
        Assert.All(rig.Server.Requests.All, request => Assert.Contains("limit=500", request.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Find_Nowhere_IsNotFoundInSoManyWords()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");

        var found = await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(Missing), null, ActionnerRig.Scope());

        Assert.False(found.TryGet(out _, out var error));
        Assert.Equal(FailureKind.NotFound, error.Kind);
        Assert.StartsWith("pod not found by container id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ListForbidden_KeepsTheCause()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(403, null, "list"));

        var found = await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(Missing), null, ActionnerRig.Scope());

        Assert.False(found.TryGet(out _, out var error));
        Assert.Equal(FailureKind.Forbidden, error.Kind);
    }

    [Fact]
    public async Task Find_IdInTwoPods_IsRefused()
    {
        await using var rig = await ActionnerRig.StartAsync();
        string id = IdOf(rig.Server.Store.AddPod("shop", "cart-0"));
        rig.Server.Store.AddPod("shop", "cart-1");
        rig.Server.Store.Update("pods", "shop", "cart-1", pod => pod["status"]!["containerStatuses"]![0]!["containerID"] = $"containerd://{id}");

        var found = await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(id), null, ActionnerRig.Scope());

        Assert.False(found.TryGet(out _, out var error));
        Assert.Equal(FailureKind.Invalid, error.Kind);
    }

    [Fact]
    public async Task Find_SameIdAtOnce_IsOneLookUp()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Delay(TimeSpan.FromMilliseconds(100), "list"));

        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(IdOf(pod)), null, ActionnerRig.Scope())));

        Assert.All(found, one => Assert.True(one.TryGet(out var value, out var _) && value.Metadata.Uid == pod.Uid));
        Assert.Single(rig.Server.Requests.All);
    }

    [Fact]
    public async Task Find_AgainWithin5Seconds_IsAnsweredFromMemory()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(IdOf(pod)), null, ActionnerRig.Scope());

        clock.Advance(TimeSpan.FromSeconds(4.9));
        await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(IdOf(pod)), null, ActionnerRig.Scope());
        Assert.Single(rig.Server.Requests.All);

        clock.Advance(TimeSpan.FromSeconds(0.2));
        await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(IdOf(pod)), null, ActionnerRig.Scope());
        Assert.Equal(2, rig.Server.Requests.All.Count);
    }

    [Fact]
    public async Task Find_ThirdIdWithinASecond_WaitsForItsTurn()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id("aaaaaaaaaaaa"), null, ActionnerRig.Scope());

        var second = rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id("bbbbbbbbbbbb"), null, ActionnerRig.Scope());
        clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(second.IsCompleted);
        Assert.Single(rig.Server.Requests.All);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        await second.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(2, rig.Server.Requests.All.Count);
    }

    [Fact]
    public async Task Find_DeadlineWhileWaitingForATurn_IsAFailureThatSentNothing()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id("aaaaaaaaaaaa"), null, ActionnerRig.Scope());
        using var stop = new CancellationTokenSource();

        var second = rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id("bbbbbbbbbbbb"), null, ActionnerRig.Scope(token: stop.Token));
        await stop.CancelAsync();

        Assert.False((await second.WaitAsync(TimeSpan.FromSeconds(20))).TryGet(out _, out var error));
        Assert.Equal(FailureKind.NotSent, error.Kind);
        Assert.StartsWith("pod not found by container id", error.Message, StringComparison.Ordinal);
        Assert.Single(rig.Server.Requests.All);
    }

    [Fact]
    public async Task Find_ManyIdsAtOnce_MostGiveTheirSlotBackAndComeAgain()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        await rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id("aaaaaaaaaaaa"), null, ActionnerRig.Scope());

        var waiting = Enumerable.Range(0, 9)
            .Select(i => rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id($"bbbbbbbbbbb{i}"), null, ActionnerRig.Scope()))
            .ToList();

        await Eventually.TrueAsync(() => waiting.Count(task => task.IsCompleted) == 4);
        foreach (var task in waiting.Where(task => task.IsCompleted))
        {
            Assert.False((await task).TryGet(out _, out var error));
            Assert.Equal(FailureKind.Throttled, error.Kind);
            Assert.Equal(TimeSpan.FromSeconds(2), error.RetryAfter);
        }
    }

    private static string IdOf(StoredObject pod) =>
        pod.ToJson()["status"]!["containerStatuses"]![0]!["containerID"]!.GetValue<string>().Split("://")[1];

    private static ContainerId Id(string text) => ContainerId.TryCreate(text, out var id) ? id : throw new ArgumentException(text);

    private static KubeName Node(string text) => KubeName.TryCreate(text, out var name) ? name : throw new ArgumentException(text);
}
