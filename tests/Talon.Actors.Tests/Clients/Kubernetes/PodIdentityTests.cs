using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Events;

namespace Talon.Actors.Tests.Clients.Kubernetes;

public sealed class PodIdentityTests
{
    private const string Uid = "6f2b7a52-0d3c-4a37-8d5e-3c1c1f4b9a10";
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static readonly DateTimeOffset EventTime = new(2026, 11, 24, 12, 0, 0, 500, TimeSpan.Zero);
    private static readonly DateTimeOffset Accepted = EventTime + TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Decided = Accepted + TimeSpan.FromSeconds(1);

    /// <summary>What the event carries, how much older than the event the pod is, and whether it is the pod.</summary>
    public static TheoryData<string, string?, string?, double, bool> Table { get; } = new()
    {
        // The uid decides alone, for and against everything else.
        { "uid equal, young pod", Uid, null, -60, true },
        { "uid equal, other container", Uid, "fedcba987654", -60, true },
        { "uid differs, container fits, old pod", "00000000-0000-0000-0000-000000000000", "0123456789ab", 3600, false },
        { "uid not available counts as none", "<NA>", null, 3600, true },
        { "uid empty counts as none", "", null, 3600, true },

        // Then a container id, which only speaks for the pod.
        { "container fits, young pod", null, "0123456789ab", -60, true },
        { "container fits in full length", null, Id, -60, true },
        { "container too short, young pod", null, "0123456789a", -60, false },
        { "container too short, old pod", null, "0123456789a", 3600, true },
        { "container differs, pod as old as the event", null, "fedcba987654", 0, false },
        { "container differs, old pod whose only container is shown", null, "fedcba987654", 3600, false },
        { "host, young pod", null, "host", 0, false },
        { "container not available, young pod", null, "<NA>", 0, false },
        { "container empty, old pod", null, "", 3600, true },

        // Then the age, with two seconds for the cut creation time and the clocks.
        { "nothing, created after the event", null, null, -1, false },
        { "nothing, created with the event", null, null, 0, false },
        { "nothing, one second older", null, null, 1, false },
        { "nothing, exactly two seconds older", null, null, 2, false },
        { "nothing, a little over two seconds older", null, null, 2.5, true },
        { "nothing, old pod", null, null, 3600, true },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Decide_Syscall_InTheOrderOfThePromise(string what, string? uid, string? container, double olderBySeconds, bool same)
    {
        var falcoEvent = TestEvents.Syscall(EventTime, Fields(uid, container));

        var decision = PodIdentity.Decide(falcoEvent, Pod(EventTime - TimeSpan.FromSeconds(olderBySeconds)), Accepted, Decided);

        Assert.True(same == decision is PodIdentity.Same, what);
    }

    [Theory]
    [InlineData(3600, true)]
    [InlineData(31, true)]
    [InlineData(30, false)]
    [InlineData(3, false)]
    [InlineData(-10, false)]
    public void Decide_Audit_TakesOnlyPodsOlderThan30Seconds(double olderBySeconds, bool same)
    {
        var falcoEvent = TestEvents.Audit(EventTime, ("ka.target.namespace", "shop"), ("ka.target.name", "cart-0"));

        var decision = PodIdentity.Decide(falcoEvent, Pod(EventTime - TimeSpan.FromSeconds(olderBySeconds)), Accepted, Decided);

        Assert.Equal(same, decision is PodIdentity.Same);
    }

    [Fact]
    public void Decide_AuditWithContainerId_DoesNotLookAtIt()
    {
        var falcoEvent = TestEvents.Audit(EventTime, ("container.id", "0123456789ab"));

        Assert.IsType<PodIdentity.Replaced>(PodIdentity.Decide(falcoEvent, Pod(EventTime + TimeSpan.FromSeconds(60)), Accepted, Decided));
    }

    [Fact]
    public void Decide_EventAtTheBeginningOfTime_IsReplacedNotAFault()
    {
        var falcoEvent = TestEvents.Syscall(DateTimeOffset.MinValue + TimeSpan.FromSeconds(1), Fields(null, null));

        Assert.IsType<PodIdentity.Replaced>(PodIdentity.Decide(falcoEvent, Pod(EventTime), Accepted, Decided));
    }

    [Fact]
    public void Decide_NoEventTime_TakesTheTimeOfAcceptance()
    {
        var falcoEvent = TestEvents.Syscall(time: null, Fields(null, null));

        Assert.IsType<PodIdentity.Same>(PodIdentity.Decide(falcoEvent, Pod(Accepted - TimeSpan.FromSeconds(3)), Accepted, Decided));
        Assert.IsType<PodIdentity.Replaced>(PodIdentity.Decide(falcoEvent, Pod(Accepted - TimeSpan.FromSeconds(1)), Accepted, Decided));
    }

    [Theory]
    [InlineData("running")]
    [InlineData("terminated")]
    [InlineData("last")]
    [InlineData("init")]
    [InlineData("ephemeral")]
    public void Decide_ContainerOfAnyKind_IsFound(string where)
    {
        string id = $"containerd://{Id}";
        var pod = Pod(EventTime + TimeSpan.FromMinutes(1));
        var current = new V1ContainerStatus { Name = "c", ContainerID = id };
        pod.Status = where switch
        {
            "running" => new V1PodStatus { ContainerStatuses = [current] },
            "terminated" => new V1PodStatus
            {
                ContainerStatuses = [new V1ContainerStatus { State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ContainerID = id } } }],
            },
            "last" => new V1PodStatus
            {
                ContainerStatuses = [new V1ContainerStatus { LastState = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ContainerID = id } } }],
            },
            "init" => new V1PodStatus { InitContainerStatuses = [current] },
            _ => new V1PodStatus { EphemeralContainerStatuses = [current] },
        };

        Assert.IsType<PodIdentity.Same>(PodIdentity.Decide(TestEvents.Syscall(EventTime, Fields(null, "0123456789ab")), pod, Accepted, Decided));
    }

    [Fact]
    public void Decide_NoStatusAndNoCreationTime_IsNotThePod()
    {
        var pod = new V1Pod { Metadata = new V1ObjectMeta { Name = "cart-0", Uid = Uid } };

        Assert.IsType<PodIdentity.Replaced>(PodIdentity.Decide(TestEvents.Syscall(EventTime), pod, Accepted, Decided));
    }

    private static (string Name, object? Value)[] Fields(string? uid, string? container)
    {
        var fields = new List<(string, object?)> { (WellKnownFields.Namespace, "shop"), (WellKnownFields.PodName, "cart-0") };
        if (uid is not null)
        {
            fields.Add((WellKnownFields.PodUid, uid));
        }

        if (container is not null)
        {
            fields.Add((WellKnownFields.ContainerId, container));
        }

        return [.. fields];
    }

    private static V1Pod Pod(DateTimeOffset created) => new()
    {
        Metadata = new V1ObjectMeta { Name = "cart-0", NamespaceProperty = "shop", Uid = Uid, CreationTimestamp = created.UtcDateTime },
        Status = new V1PodStatus
        {
            ContainerStatuses =
            [
                new V1ContainerStatus
                {
                    Name = "main",
                    ContainerID = $"containerd://{Id}",
                    State = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = created.UtcDateTime } },
                },
            ],
        },
    };
}
