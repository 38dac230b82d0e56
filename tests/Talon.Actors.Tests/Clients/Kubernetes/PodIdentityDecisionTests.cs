using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Events;

namespace Talon.Actors.Tests.Clients.Kubernetes;

/// <summary>What a pod that has just begun, was started anew or is the mirror of a static pod says of an event.</summary>
public sealed class PodIdentityDecisionTests
{
    private const string Known = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Earlier = "1111111111111111111111111111111111111111111111111111111111111111";
    private const string Unknown = "fedcba987654";
    private static readonly DateTimeOffset EventTime = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Accepted = EventTime + TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Later = Accepted + TimeSpan.FromSeconds(10);

    /// <summary>What the pod shows, and what is decided at once and after 10 s: s the pod, r another, n not yet.</summary>
    public static TheoryData<string, V1Pod, string, string> Containers { get; } = new()
    {
        { "waits", Pod(Hours(1), Waiting("a")), "n", "r" },
        { "one runs, one waits", Pod(Hours(1), Running("a", Known), Waiting("b")), "n", "r" },
        { "runs, without an id", Pod(Hours(1), Running("a", null)), "n", "s" },
        { "no status at all", Pod(Hours(1)), "n", "s" },
        { "no status at all, as old as the event", Pod(TimeSpan.Zero), "n", "r" },
        { "waits, as old as the event", Pod(TimeSpan.Zero, Waiting("a")), "n", "r" },
        { "whole, a few seconds old", Pod(TimeSpan.FromSeconds(3), Running("a", Known, TimeSpan.FromSeconds(3))), "n", "r" },
        { "whole, an hour old: it may have been started anew a moment ago", Pod(Hours(1), Running("a", Known)), "n", "r" },
        { "whole, and never started anew", NeverRestarted(Pod(Hours(1), Running("a", Known))), "r", "r" },
        { "never started anew, as its container says too", NeverRestarted(Pod(Hours(1), Running("a", Known)), "Never"), "r", "r" },
        { "never started anew, but one container is", NeverRestarted(Pod(Hours(1), Running("a", Known)), "OnFailure"), "n", "r" },
        { "never started anew, but after some exit codes", NeverRestarted(Pod(Hours(1), Running("a", Known)), "Never", new V1ContainerRestartRule()), "n", "r" },
        { "never started anew, with an init container", NeverRestarted(WithInit(Pod(Hours(1), Running("a", Known)), null)), "r", "r" },
        { "never started anew, but its sidecar is", NeverRestarted(WithInit(Pod(Hours(1), Running("a", Known)), "Always")), "n", "r" },
        { "whole, one restart", Pod(Hours(1), Restarted("a", 1, Known, Earlier)), "n", "r" },
        { "one restart, the container before it is not shown", Pod(Hours(1), Restarted("a", 1, Known, null)), "s", "s" },
        { "one restart, and its last state is that very container", Pod(Hours(1), Restarted("a", 1, Known, Known)), "s", "s" },
        { "two restarts", Pod(Hours(1), Restarted("a", 2, Known, Earlier)), "s", "s" },
        { "the other container was restarted twice", Pod(Hours(1), Running("a", Known), Restarted("b", 2, Earlier, Known)), "s", "s" },
        { "started after the event", Pod(Hours(1), Running("a", Known, TimeSpan.FromSeconds(-3))), "s", "s" },
        { "started when the event happened, within the tolerance", Pod(Hours(1), Running("a", Known, TimeSpan.FromSeconds(1))), "s", "s" },
        { "ended, and started after the event", Pod(Hours(1), Ended("a", Known, TimeSpan.FromSeconds(-1))), "s", "s" },
        { "ended before it", Pod(Hours(1), Ended("a", Known, Hours(1))), "n", "r" },
    };

    [Theory]
    [MemberData(nameof(Containers))]
    public void Decide_ContainerThatThePodDoesNotShow_WaitsWhereItMayComeThenTakesWhatIsKnown(string what, V1Pod pod, string atOnce, string later)
    {
        var falcoEvent = Event(("container.id", Unknown));

        Assert.True(atOnce == Letter(PodIdentity.Decide(falcoEvent, pod, Accepted, Accepted + TimeSpan.FromSeconds(1))), what);
        Assert.True(later == Letter(PodIdentity.Decide(falcoEvent, pod, Accepted, Later)), what);
    }

    [Fact]
    public void Decide_InitOrEphemeralContainerWithoutAStatus_IsWaitedFor()
    {
        var init = Pod(Hours(1), Running("a", Known));
        init.Spec.InitContainers = [new V1Container { Name = "init" }];
        var ephemeral = Pod(Hours(1), Running("a", Known));
        ephemeral.Spec.EphemeralContainers = [new V1EphemeralContainer { Name = "debug" }];

        Assert.Equal("n", Letter(PodIdentity.Decide(Event(("container.id", Unknown)), init, Accepted, Accepted)));
        Assert.Equal("n", Letter(PodIdentity.Decide(Event(("container.id", Unknown)), ephemeral, Accepted, Accepted)));
    }

    [Theory]
    [InlineData("k8s.pod.sandbox_id", Unknown)]
    [InlineData("k8s.pod.full_sandbox_id", Unknown + "0000")]
    [InlineData("none", "")]
    public void Decide_IdOfTheSandboxOrNone_IsNoContainerIdAndWaitsForNothing(string field, string sandbox)
    {
        var falcoEvent = Event(("container.id", field == "none" ? "host" : Unknown), (field, sandbox));

        var same = Assert.IsType<PodIdentity.Same>(PodIdentity.Decide(falcoEvent, Pod(Hours(1), Running("a", Known), Waiting("b")), Accepted, Accepted));
        Assert.Equal(PodEvidence.Age, same.By);
        Assert.Equal("r", Letter(PodIdentity.Decide(falcoEvent, Pod(TimeSpan.Zero, Waiting("a")), Accepted, Accepted)));
    }

    [Fact]
    public void Decide_EventOfTheFuture_DoesNotMakeANewerPodLookOlder()
    {
        var future = TestEvents.Syscall(Accepted + TimeSpan.FromHours(1), ("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0"));
        var newer = Pod(EventTime - (Accepted + TimeSpan.FromMinutes(1)), Running("a", Known));

        Assert.Equal("r", Letter(PodIdentity.Decide(future, newer, Accepted, Later)));
    }

    [Fact]
    public void Decide_Replaced_SaysBothTimes()
    {
        var pod = Pod(TimeSpan.FromHours(-10), Running("a", Known));
        var of2019 = TestEvents.Syscall(new DateTimeOffset(2019, 5, 17, 15, 31, 56, 746, TimeSpan.Zero), ("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0"));

        string[] reasons =
        [
            Assert.IsType<PodIdentity.Replaced>(PodIdentity.Decide(of2019, pod, Accepted, Accepted)).Reason,
            Assert.IsType<PodIdentity.Replaced>(PodIdentity.Decide(
                TestEvents.Syscall(of2019.Time, ("k8s.pod.uid", "other")), pod, Accepted, Accepted)).Reason,
        ];

        Assert.All(reasons, reason => Assert.EndsWith("the pod was created at 2026-11-24T22:00:00Z, the event is of 2019-05-17T15:31:56.746Z", reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_SampleEventOfYearsAgo_IsNotWaitedFor()
    {
        var of2019 = TestEvents.Syscall(new DateTimeOffset(2019, 5, 17, 15, 31, 56, TimeSpan.Zero), ("container.id", Unknown));

        Assert.Equal("r", Letter(PodIdentity.Decide(of2019, Pod(Hours(1), Running("a", Known)), Accepted, Accepted)));
    }

    [Fact]
    public void Decide_Age_SaysThatItWasTheAge()
    {
        var same = Assert.IsType<PodIdentity.Same>(
            PodIdentity.Decide(Event(("container.id", Unknown)), Pod(Hours(1), Restarted("a", 2, Known, Earlier)), Accepted, Later));

        Assert.Equal(PodEvidence.Age, same.By);
        Assert.StartsWith("the pod was told by its age: the pod was created at 2026-11-24T11:00:00Z, the event is of 2026-11-24T12:00:00.000Z", same.Remark);
    }

    [Fact]
    public void Decide_UidOrContainerId_NeedsNoRemark()
    {
        var pod = Pod(Hours(-1), Running("a", Known));

        Assert.Equal(new PodIdentity.Same(PodEvidence.Uid), PodIdentity.Decide(Event(("k8s.pod.uid", "uid-1")), pod, Accepted, Accepted));
        Assert.Equal(new PodIdentity.Same(PodEvidence.ContainerId), PodIdentity.Decide(Event(("container.id", Known[..12])), pod, Accepted, Accepted));
    }

    [Theory]
    [InlineData("4f77d11d4b1196a13f3ac1e2792630af", true, nameof(PodEvidence.StaticUid))]
    [InlineData("uid-1", true, nameof(PodEvidence.Uid))]
    [InlineData("00000000000000000000000000000000", true, null)]
    [InlineData("4f77d11d4b1196a13f3ac1e2792630af", false, null)]
    public void Decide_MirrorOfAStaticPod_HasTheUidOfTheStaticPodToo(string uid, bool isMirror, string? by)
    {
        var pod = Pod(Hours(-1), Running("a", Known));
        pod.Metadata.Annotations = new Dictionary<string, string> { ["kubernetes.io/config.hash"] = "4f77d11d4b1196a13f3ac1e2792630af" };
        if (isMirror)
        {
            pod.Metadata.Annotations["kubernetes.io/config.mirror"] = "4f77d11d4b1196a13f3ac1e2792630af";
        }

        var decision = PodIdentity.Decide(Event(("k8s.pod.uid", uid)), pod, Accepted, Accepted);

        Assert.Equal(by, (decision as PodIdentity.Same)?.By.ToString());
    }

    private static string Letter(PodIdentity identity) => identity switch
    {
        PodIdentity.Same => "s",
        PodIdentity.Replaced => "r",
        _ => "n",
    };

    private static FalcoEvent Event(params (string Name, object? Value)[] fields) =>
        TestEvents.Syscall(EventTime, [("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0"), .. fields]);

    private static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);

    private static V1Pod Pod(TimeSpan before, params V1ContainerStatus[] statuses) => new()
    {
        Metadata = new V1ObjectMeta { Name = "cart-0", NamespaceProperty = "shop", Uid = "uid-1", CreationTimestamp = (EventTime - before).UtcDateTime },
        Spec = new V1PodSpec { Containers = [.. statuses.Select(status => new V1Container { Name = status.Name })], RestartPolicy = "Always" },
        Status = new V1PodStatus { ContainerStatuses = [.. statuses] },
    };

    private static V1Pod NeverRestarted(V1Pod pod, string? ofContainer = null, params V1ContainerRestartRule[] rules)
    {
        pod.Spec.RestartPolicy = "Never";
        pod.Spec.Containers[0].RestartPolicy = ofContainer;
        pod.Spec.Containers[0].RestartPolicyRules = rules;
        return pod;
    }

    private static V1Pod WithInit(V1Pod pod, string? restartPolicy)
    {
        pod.Spec.InitContainers = [new V1Container { Name = "init", RestartPolicy = restartPolicy }];
        pod.Status.InitContainerStatuses = [Running("init", Earlier)];
        return pod;
    }

    private static V1ContainerStatus Waiting(string name) => new()
    {
        Name = name,
        State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "ContainerCreating" } },
    };

    private static V1ContainerStatus Running(string name, string? id, TimeSpan? before = null) => new()
    {
        Name = name,
        ContainerID = id is null ? null : $"containerd://{id}",
        State = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = (EventTime - (before ?? Hours(1))).UtcDateTime } },
    };

    private static V1ContainerStatus Restarted(string name, int restarts, string id, string? earlier)
    {
        var status = Running(name, id, TimeSpan.FromMinutes(10));
        status.RestartCount = restarts;
        status.LastState = earlier is null ? null : Ended(name, earlier, Hours(1)).State;
        return status;
    }

    private static V1ContainerStatus Ended(string name, string id, TimeSpan before) => new()
    {
        Name = name,
        ContainerID = $"containerd://{id}",
        State = new V1ContainerState
        {
            Terminated = new V1ContainerStateTerminated { ContainerID = $"containerd://{id}", StartedAt = (EventTime - before).UtcDateTime },
        },
    };
}
