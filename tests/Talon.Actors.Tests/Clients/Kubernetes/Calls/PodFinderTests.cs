using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
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

        var found = await FindAsync(rig, IdOf(pod), "node1");

        Assert.True(found.TryGet(out var value, out _));
        Assert.Equal(new PodReference("shop", "cart-0", pod.Uid), value);
        Assert.Contains("spec.nodeName%3Dnode1", Assert.Single(rig.Server.Requests.All).Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node-that-is-not")]
    [InlineData(null)]
    public async Task Find_WrongOrUnknownNode_GoesThroughAllPods(string? node)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");

        var found = await FindAsync(rig, IdOf(pod), node);

        Assert.True(found.TryGet(out var value, out _));
        Assert.Equal(pod.Uid, value.Uid);
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

        var found = await FindAsync(rig, IdOf(last));

        Assert.True(found.TryGet(out var value, out _));
        Assert.Equal(last.Uid, value.Uid);
        Assert.Equal(3, rig.Server.Requests.All.Count);
        Assert.All(rig.Server.Requests.All, request => Assert.Contains("limit=500", request.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Find_Nowhere_IsNotFoundInSoManyWords()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");

        var found = await FindAsync(rig, Missing);

        Assert.False(found.TryGet(out _, out var error));
        Assert.Equal(FailureKind.NotFound, error.Kind);
        Assert.StartsWith("pod not found by container id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ListForbidden_KeepsTheCause()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(403, null, "list"));

        var found = await FindAsync(rig, Missing);

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

        var found = await FindAsync(rig, id);

        Assert.False(found.TryGet(out _, out var error));
        Assert.Equal(FailureKind.Invalid, error.Kind);
    }

    [Fact]
    public async Task Find_SameIdAtOnce_IsOneLookUpAndTheOthersComeAgain()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Delay(TimeSpan.FromMilliseconds(100), "list"));

        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FindAsync(rig, IdOf(pod))));

        Assert.Single(found, one => one.TryGet(out var value, out var _) && value.Uid == pod.Uid);
        Assert.Equal(19, found.Count(one => !one.TryGet(out _, out var error) && error.NotYet));
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 19).Select(_ => FindAsync(rig, IdOf(pod)))), one => Assert.True(one.TryGet(out var _, out var _)));
        Assert.Single(rig.Server.Requests.All);
    }

    [Fact]
    public async Task Find_AgainWithin5Seconds_IsAnsweredFromMemory()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        await FindAsync(rig, IdOf(pod));

        clock.Advance(TimeSpan.FromSeconds(4.9));
        await FindAsync(rig, IdOf(pod));
        Assert.Single(rig.Server.Requests.All);

        clock.Advance(TimeSpan.FromSeconds(0.2));
        await FindAsync(rig, IdOf(pod));
        Assert.Equal(2, rig.Server.Requests.All.Count);
    }

    [Fact]
    public async Task Find_UnknownId_IsRememberedForAMinute()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        await FindAsync(rig, Missing);

        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False((await FindAsync(rig, Missing)).TryGet(out _, out var error));
        Assert.Equal((FailureKind.NotFound, false), (error.Kind, error.NotYet));
        Assert.Single(rig.Server.Requests.All);

        clock.Advance(TimeSpan.FromSeconds(1));
        await FindAsync(rig, Missing);
        Assert.Equal(2, rig.Server.Requests.All.Count);
    }

    [Fact]
    public async Task Find_SecondIdWithinHalfASecond_ComesAgainAndHoldsNothing()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        await FindAsync(rig, "aaaaaaaaaaaa");

        clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False((await FindAsync(rig, "bbbbbbbbbbbb")).TryGet(out _, out var error));
        Assert.True(error.NotYet);
        Assert.Single(rig.Server.Requests.All);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False((await FindAsync(rig, "bbbbbbbbbbbb")).TryGet(out _, out error));
        Assert.False(error.NotYet);
        Assert.Equal(2, rig.Server.Requests.All.Count);
    }

    [Fact]
    public async Task Find_ReaderOutOfTime_LeavesTheOthersInTheLine()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        await FindAsync(rig, Missing);
        await FindAsync(rig, IdOf(pod));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False((await FindAsync(rig, "bbbbbbbbbbbb", scope: ActionnerRig.Scope(up: () => false))).TryGet(out _, out var error));
        Assert.Equal(FailureKind.NotSent, error.Kind);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await FindAsync(rig, IdOf(pod))).TryGet(out _, out _));
    }

    [Fact]
    public async Task Find_ReaderOutOfTimeDuringTheList_LeavesTheOthersInTheLine()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        await FindAsync(rig, Missing);
        await FindAsync(rig, IdOf(pod));
        clock.Advance(TimeSpan.FromSeconds(1));
        rig.Server.Faults.Add(FaultRule.Delay(TimeSpan.FromMinutes(1), "list"));
        using var stop = new CancellationTokenSource();
        var reader = FindAsync(rig, "bbbbbbbbbbbb", scope: ActionnerRig.Scope(token: stop.Token));
        await Eventually.TrueAsync(() => rig.Server.Requests.All.Count == 2);

        await stop.CancelAsync();
        Assert.False((await reader).TryGet(out _, out var error));
        Assert.Equal(FailureKind.Timeout, error.Kind);
        rig.Server.Faults.Clear();

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await FindAsync(rig, IdOf(pod))).TryGet(out _, out _));
    }

    [Fact]
    public async Task Find_ListFails_EachThatWaitedIsToldOnce()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        await FindAsync(rig, Missing);
        await FindAsync(rig, IdOf(pod));
        clock.Advance(TimeSpan.FromSeconds(1));
        var fault = FaultRule.Answer(500, null, "list");
        rig.Server.Faults.Add(fault);
        Assert.False((await FindAsync(rig, "bbbbbbbbbbbb")).TryGet(out _, out var readers));
        Assert.Equal(FailureKind.ServerError, readers.Kind);
        rig.Server.Faults.Clear();

        Assert.False((await FindAsync(rig, IdOf(pod))).TryGet(out _, out var others));
        Assert.Equal(FailureKind.ServerError, others.Kind);
        Assert.Contains(IdOf(pod), others.Message, StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await FindAsync(rig, IdOf(pod))).TryGet(out _, out _));
    }

    [Fact]
    public async Task Find_IdInTwoPodsOnDifferentPages_IsRefusedForThatIdOnly()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        string twice = IdOf(rig.Server.Store.AddPod("aaa", "first"));
        for (int i = 0; i < 600; i++)
        {
            rig.Server.Store.AddPod("many", $"pod-{i:D5}");
        }

        string once = IdOf(rig.Server.Store.AddPod("shop", "cart-0"));
        rig.Server.Store.AddPod("zoo", "last");
        rig.Server.Store.Update("pods", "zoo", "last", pod => pod["status"]!["containerStatuses"]![0]!["containerID"] = $"containerd://{twice[..12]}{new string('0', 52)}");
        await FindAsync(rig, Missing);
        Assert.False((await FindAsync(rig, once[..12])).TryGet(out _, out _));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False((await FindAsync(rig, twice[..12])).TryGet(out _, out var error));
        Assert.Equal(FailureKind.Invalid, error.Kind);
        Assert.True((await FindAsync(rig, once[..12])).TryGet(out var pod, out _));
        Assert.Equal("cart-0", pod.Name);
    }

    // 1,000 containers that no pod has, with ever new alerts of each; then one of a pod. After 12 s all 1,000 have been looked for.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1_000, 0)]
    [InlineData(1, 12)]
    [InlineData(1_000, 12)]
    public async Task Find_ThousandUnknownIdsFirst_APodIsFoundWithin5Seconds(int hosts, int secondsBefore)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var rig = await ActionnerRig.StartAsync(clock: clock);
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        async Task FloodAsync()
        {
            for (int i = 0; i < 1_000; i++)
            {
                await FindAsync(rig, $"{i:x12}", $"docker-{i % hosts}", clock.GetUtcNow());
            }
        }

        await FloodAsync();
        for (int halves = 0; halves < 2 * secondsBefore; halves++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(500));
            await FloodAsync();
        }

        rig.Server.Requests.Clear();
        var accepted = clock.GetUtcNow();
        int tenths = 0;
        while (!(await FindAsync(rig, IdOf(pod)[..12], "node1", accepted)).TryGet(out _, out _))
        {
            Assert.True(++tenths < 50, "not found within 5 s");
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await FloodAsync();
        }

        // A list of a node and one of all a round, two rounds a second.
        Assert.InRange(rig.Server.Requests.All.Count, 1, 2 * (1 + (tenths / 5)));
    }

    private static Task<KubeResult<PodReference>> FindAsync(ActionnerRig rig, string id, string? node = null, DateTimeOffset? acceptedAt = null, CallScope? scope = null) =>
        rig.Ports.Kubernetes.Pods.FindByContainerAsync(Id(id), node is null ? null : Node(node), acceptedAt ?? DateTimeOffset.MinValue, scope ?? ActionnerRig.Scope());

    private static string IdOf(StoredObject pod) =>
        pod.ToJson()["status"]!["containerStatuses"]![0]!["containerID"]!.GetValue<string>().Split("://")[1];

    private static ContainerId Id(string text) => ContainerId.TryCreate(text, out var id) ? id : throw new ArgumentException(text);

    private static KubeName Node(string text) => KubeName.TryCreate(text, out var name) ? name : throw new ArgumentException(text);
}
