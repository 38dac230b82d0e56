using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Notifiers.K8sEvents;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Notifiers.K8sEvents;

public sealed class K8sEventsNotifierTests
{
    // A namespace that is to end takes longer for it than any test.
    private static readonly KubeApiOptions Lasting = new() { GraceTimeScale = 1000 };

    [Fact]
    public async Task Send_TargetOfTheAction_IsWhatTheEventIsAbout()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");

        await SendAsync(rig, Notifications.Of(1, "failure", new TargetRef("Pod", "shop", "cart-0", pod.Uid)));

        var written = Assert.Single(await EventsAsync(rig));
        Assert.Equal("shop", written.Metadata.NamespaceProperty);
        Assert.Equal(("v1", "Pod", "shop", "cart-0", pod.Uid), About(written));
        Assert.Equal("Warning", written.Type);
        Assert.Equal("falco-talon:action:kubernetes:terminate:failure", written.Reason);
        Assert.Equal("kubernetes:terminate", written.Action);
        Assert.Equal("falcosecurity.org/falco-talon", written.ReportingController);
        Assert.Equal("talon-0", written.ReportingInstance);
        Assert.StartsWith("Status: failure\nKind: forbidden\n", written.Note, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Server.Requests.All, request => request.Path.Contains("/pods", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_WholeSecond_IsTaken()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");

        await SendAsync(rig, Notifications.Of(1, "success", null, ("namespace", "shop"), ("pod", "cart-0")));

        Assert.Contains("\"eventTime\":\"2026-11-25T10:00:00.000000Z\"", Assert.Single(rig.Writes).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_NoTarget_ThePodIsReadForItsUid(bool exists)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddNamespace("shop");
        string? uid = exists ? rig.Server.Store.AddPod("shop", "cart-0").Uid : null;

        await SendAsync(rig, Notifications.Of(1, "ignored", null, ("namespace", "shop"), ("pod", "cart-0")));

        var written = Assert.Single(await EventsAsync(rig));
        Assert.Equal(("v1", "Pod", "shop", "cart-0", uid), About(written));
        Assert.Equal("Normal", written.Type);
    }

    [Fact]
    public async Task Send_Node_StandsInTheDefaultNamespace()
    {
        await using var rig = await ActionnerRig.StartAsync();

        await SendAsync(rig, Notifications.Of(1, "success", new TargetRef("Node", null, "node1", "uid-n")));

        var written = Assert.Single(await EventsAsync(rig));
        Assert.Equal("default", written.Metadata.NamespaceProperty);
        Assert.Equal(("v1", "Node", null, "node1", "uid-n"), About(written));
    }

    [Fact]
    public async Task Send_NodeThatWasNotWrittenTo_CarriesItsNameForAUid()
    {
        await using var rig = await ActionnerRig.StartAsync();

        await SendAsync(rig, Notifications.Of(1, "ignored", null, ("node", "node1")));

        Assert.Equal(("v1", "Node", null, "node1", "node1"), About(Assert.Single(await EventsAsync(rig))));
    }

    [Theory]
    [InlineData("ingresses", "shop", "networking.k8s.io/v1", "Ingress", "shop")]
    [InlineData("persistentvolumeclaims", "shop", "v1", "PersistentVolumeClaim", "shop")]
    [InlineData("clusterroles", null, "rbac.authorization.k8s.io/v1", "ClusterRole", null)]
    [InlineData("clusterroles", "shop", "rbac.authorization.k8s.io/v1", "ClusterRole", null)]
    [InlineData("secrets", null, "v1", "Namespace", null)]
    [InlineData("widgets", "shop", "v1", "Namespace", null)]
    public async Task Send_ObjectThatWasNotDeleted_IsNamedByItsResource(string resource, string? where, string version, string kind, string? namespaceName)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddNamespace("shop");
        (string, string)[] objects = [("resource", resource), ("name", "front"), .. where is null ? Array.Empty<(string, string)>() : [("namespace", where)]];

        await SendAsync(rig, Notifications.Of(1, "ignored", null, objects));

        var (writtenVersion, writtenKind, writtenNamespace, name, _) = About(Assert.Single(await EventsAsync(rig)));
        Assert.Equal((version, kind, namespaceName), (writtenVersion, writtenKind, writtenNamespace));
        Assert.Equal(kind == "Namespace" ? where ?? "talon" : "front", name);
    }

    [Fact]
    public async Task Send_NothingIsKnown_IsAboutTalonsNamespace()
    {
        await using var rig = await ActionnerRig.StartAsync();

        await SendAsync(rig, Notifications.Of(1, "failure"));

        Assert.Equal(("v1", "Namespace", null, "talon", null), About(Assert.Single(await EventsAsync(rig))));
    }

    [Fact]
    public async Task Send_ProtectedNamespace_IsWrittenToAllTheSame()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("kube-system", "dns");

        await SendAsync(rig, Notifications.Of(1, "ignored", null, ("namespace", "kube-system"), ("pod", "dns")));

        Assert.Equal("kube-system", Assert.Single(await EventsAsync(rig)).Metadata.NamespaceProperty);
    }

    [Fact]
    public async Task Send_NamespaceIsGone_IsKeptInTalonsOwn()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddNamespace("talon");

        await SendAsync(rig, Notifications.Of(1, "success", new TargetRef("Pod", "gone", "cart-0", "uid-1")));

        var written = Assert.Single(await EventsAsync(rig));
        Assert.Equal("talon", written.Metadata.NamespaceProperty);
        Assert.Equal(("v1", "Pod", "gone", "cart-0", "uid-1"), About(written));
    }

    [Fact]
    public async Task Send_NamespaceIsTerminating_IsKeptInTalonsOwn()
    {
        await using var rig = await ActionnerRig.StartAsync(Lasting);
        rig.Server.Store.AddNamespace("talon");
        await TerminateAsync(rig, "shop");

        await SendAsync(rig, Notifications.Of(1, "failure", new TargetRef("Pod", "shop", "cart-0", "uid-1")));

        var written = Assert.Single(await EventsAsync(rig));
        Assert.Equal("talon", written.Metadata.NamespaceProperty);
        Assert.Equal(("v1", "Pod", "shop", "cart-0", "uid-1"), About(written));
        var refused = Assert.Single(rig.Server.Requests.All, request => request.Verb == "create" && request.Status == 403);
        Assert.Equal("shop", refused.Namespace);
    }

    [Fact]
    public async Task Send_NamespaceBeginsToTerminate_IsStillCountedOnTheEventThatIsThere()
    {
        await using var rig = await ActionnerRig.StartAsync(Lasting);
        var notifier = Notifier(rig);
        var target = new TargetRef("Pod", "shop", "cart-0", rig.Server.Store.AddPod("shop", "cart-0").Uid);
        await DeliverAsync(notifier, Notifications.Of(1, "failure", target));
        await TerminateAsync(rig, "shop");

        await DeliverAsync(notifier, Notifications.Of(2, "failure", target));

        Assert.Equal(2, Assert.Single(await EventsAsync(rig)).Series.Count);
    }

    [Fact]
    public async Task Send_TalonsNamespaceIsTerminatingToo_IsGivenUpAndSaysWhy()
    {
        await using var rig = await ActionnerRig.StartAsync(Lasting);
        await TerminateAsync(rig, "shop");
        await TerminateAsync(rig, "talon");

        var failed = Assert.IsType<NotifyResult.Refused>(await Notifier(rig).SendAsync(
            [Notifications.Of(1, "failure", new TargetRef("Pod", "shop", "cart-0", "uid-1"))], CancellationToken.None));

        Assert.Contains("unable to create new content in namespace talon because it is being terminated", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(2, rig.Server.Requests.All.Count(request => request.Verb == "create"));
    }

    [Fact]
    public async Task Send_TheSameAgain_IsCountedOnTheEventThatIsThere()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero));
        await using var rig = await ActionnerRig.StartAsync();
        var notifier = Notifier(rig, clock);
        var target = new TargetRef("Pod", "shop", "cart-0", rig.Server.Store.AddPod("shop", "cart-0").Uid);
        for (int i = 1; i <= 5; i++)
        {
            await DeliverAsync(notifier, Notifications.Of(i, "failure", target));
        }

        await DeliverAsync(notifier, Notifications.Of(6, "success", target));
        var events = await EventsAsync(rig);
        Assert.Equal(2, events.Count);
        Assert.Equal(5, Assert.Single(events, e => e.Type == "Warning").Series.Count);
        Assert.Null(Assert.Single(events, e => e.Type == "Normal").Series);

        clock.Advance(TimeSpan.FromMinutes(7));
        await DeliverAsync(notifier, Notifications.Of(7, "failure", target));
        Assert.Equal(3, (await EventsAsync(rig)).Count);
    }

    [Fact]
    public async Task Send_TheEventWasDeleted_AnotherIsMade()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var notifier = Notifier(rig);
        var target = new TargetRef("Pod", "shop", "cart-0", rig.Server.Store.AddPod("shop", "cart-0").Uid);
        await DeliverAsync(notifier, Notifications.Of(1, "failure", target));
        Assert.True(rig.Server.Store.Remove("events", "shop", Assert.Single(await EventsAsync(rig)).Metadata.Name));

        await DeliverAsync(notifier, Notifications.Of(2, "failure", target));

        Assert.Single(await EventsAsync(rig));
    }

    [Fact]
    public async Task Send_AnswerIsLostAndItIsSentAgain_GivesOneEvent()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var notifier = Notifier(rig);
        var target = new TargetRef("Pod", "shop", "cart-0", rig.Server.Store.AddPod("shop", "cart-0").Uid);
        rig.Server.Faults.Add(FaultRule.Of(FaultKind.ResetAfterEffect, times: 1, "create"));

        var first = await notifier.SendAsync([Notifications.Of(1, "failure", target)], CancellationToken.None);
        Assert.IsType<NotifyResult.Troubled>(first);
        await DeliverAsync(notifier, Notifications.Of(1, "failure", target));
        await DeliverAsync(notifier, Notifications.Of(1, "failure", target));

        Assert.Null(Assert.Single(await EventsAsync(rig)).Series);
    }

    [Theory]
    [InlineData(403, false)]
    [InlineData(422, false)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    public async Task Send_ApiRefuses_SaysWhetherATryMayHelp(int status, bool mayRetry)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(status, 1, "create") with { RetryAfterSeconds = status == 429 ? 3 : null });

        var result = await Notifier(rig).SendAsync([Notifications.Of(1, "failure", new TargetRef("Pod", "default", "p", "u"))], CancellationToken.None);

        if (mayRetry)
        {
            Assert.Equal(status == 429 ? TimeSpan.FromSeconds(3) : (TimeSpan?)null, Assert.IsType<NotifyResult.Troubled>(result).RetryAfter);
        }
        else
        {
            Assert.IsType<NotifyResult.Refused>(result);
        }
    }

    [Theory]
    [InlineData("output", 0)]
    [InlineData("talon", 0)]
    [InlineData("check", 1)]
    public async Task Send_RecordOfAnotherKind_IsAnEventOnlyWhereTheActionHasNone(string kind, int events)
    {
        await using var rig = await ActionnerRig.StartAsync();

        await SendAsync(rig, Notifications.Of(1, "failure", new TargetRef("Pod", "default", "p", "u")) with { Kind = kind });

        Assert.Equal(events, (await EventsAsync(rig)).Count);
    }

    [Fact]
    public async Task Send_Flood_IsHeldBack()
    {
        var clock = new FakeTimeProvider();
        var budget = new EventBudget(clock, perSecond: 10, burst: 5);
        for (int i = 0; i < 5; i++)
        {
            await budget.TakeAsync(CancellationToken.None);
        }

        var next = budget.TakeAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(110));
        await next.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static K8sEventsNotifier Notifier(ActionnerRig rig, TimeProvider? clock = null) =>
        new(rig.Ports with { Clock = clock ?? TimeProvider.System }, "talon-0");

    private static async Task TerminateAsync(ActionnerRig rig, string ns)
    {
        rig.Server.Store.AddNamespace(ns);
        Assert.True(rig.Connection.TryGetClient(out var client, out string? reason), reason);
        await client.CoreV1.DeleteNamespaceAsync(ns);
    }

    private static Task SendAsync(ActionnerRig rig, Notification notification) => DeliverAsync(Notifier(rig), notification);

    private static async Task DeliverAsync(K8sEventsNotifier notifier, Notification notification)
    {
        var result = await notifier.SendAsync([notification], CancellationToken.None);
        Assert.True(result is NotifyResult.Delivered, result.ToString());
    }

    private static async Task<IList<Eventsv1Event>> EventsAsync(ActionnerRig rig)
    {
        Assert.True(rig.Connection.TryGetClient(out var client, out string? reason), reason);
        var list = await client.EventsV1.ListEventForAllNamespacesAsync();
        return list.Items;
    }

    private static (string?, string?, string?, string?, string?) About(Eventsv1Event kubeEvent) => (
        kubeEvent.Regarding.ApiVersion, kubeEvent.Regarding.Kind, kubeEvent.Regarding.NamespaceProperty, kubeEvent.Regarding.Name, kubeEvent.Regarding.Uid);
}
