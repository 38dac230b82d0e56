using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Events;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Whether the pod that now has the name of the event is the one the event is about: a closed set.</summary>
internal abstract record PodIdentity
{
    /// <summary>
    /// How long the kubelet has, after Talon accepted an event, to report the container that the event is about. Counted from the
    /// acceptance, so that it ends at the same moment on whichever node the event is by then.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A name is not reused without a later creationTimestamp. That time is cut to the second and the clocks of a node and of the
    // API server differ a little, so a pod has to be older than the event by this much.
    private static readonly TimeSpan MinimumAge = TimeSpan.FromSeconds(2);

    // Nothing but its age identifies the pod of an audit event, so more is asked for: a pod that is younger may be another one.
    private static readonly TimeSpan MinimumAgeForAudit = TimeSpan.FromSeconds(30);

    // A pod that was created less than this ago may have containers that its status does not have.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(5);

    private static readonly string[] SandboxFields = ["k8s.pod.sandbox_id", "k8s.pod.full_sandbox_id"];

    private PodIdentity()
    {
    }

    /// <summary>It is.</summary>
    /// <param name="Remark">What the outcome says when only the age of the pod spoke for it; null otherwise.</param>
    public sealed record Same(PodEvidence By, string? Remark = null) : PodIdentity;

    /// <summary>It is not, or that cannot be told.</summary>
    /// <param name="Reason">Why not, with the times of both, one clause.</param>
    public sealed record Replaced(string Reason) : PodIdentity;

    /// <summary>The pod does not show yet what would decide it: read it again in a moment.</summary>
    /// <param name="Reason">What is missing, one clause.</param>
    public sealed record NotYet(string Reason) : PodIdentity;

    /// <summary>
    /// Decides, in this order: the pod uid of the event, if it has one; a container id of the pod's status that begins with the
    /// event's; where that id may still come, <see cref="NotYet"/>, until <see cref="Patience"/> is over; where the status tells of
    /// every container that the pod has had, an id that is not among them is another pod's; else the age of the pod, which must have
    /// been created more than 2 s before the event. Events of <c>k8s_audit</c> have no container id of their own; for them it is
    /// 30 s.
    /// </summary>
    /// <param name="acceptedAt">When Talon accepted the event: it cannot have happened later, and stands in where it has no time.</param>
    public static PodIdentity Decide(FalcoEvent falcoEvent, V1Pod pod, DateTimeOffset acceptedAt, DateTimeOffset now)
    {
        string times = Times(falcoEvent, pod, acceptedAt);
        if (falcoEvent.PodUid is { } uid)
        {
            return uid == pod.Metadata.Uid ? new Same(PodEvidence.Uid)
                : uid == MirrorPods.StaticUidOf(pod) ? new Same(PodEvidence.StaticUid)
                : new Replaced($"the pod now has the uid {pod.Metadata.Uid}; {times}");
        }

        var happened = TimeOf(falcoEvent, acceptedAt);
        var id = ContainerOf(falcoEvent);
        if (id is not null)
        {
            if (ContainerStatuses.Have(pod, id))
            {
                return new Same(PodEvidence.ContainerId);
            }

            if (MissingContainer(falcoEvent, pod, acceptedAt, now) is { } missing)
            {
                return new NotYet(missing);
            }

            if (!IsOfSandbox(falcoEvent, id) && ContainerHistory.IsWhole(pod, happened))
            {
                return new Replaced($"none of its containers has or had the id {id}; {times}");
            }
        }

        return ByAge(falcoEvent, pod, happened, id, times);
    }

    /// <summary>
    /// Why the status of the pod may not show the container of the event yet, one clause; null when it shows it, when the event names
    /// none, and when the kubelet has had time enough.
    /// </summary>
    public static string? MissingContainer(FalcoEvent falcoEvent, V1Pod pod, DateTimeOffset acceptedAt, DateTimeOffset now)
    {
        if (now >= acceptedAt + Patience || ContainerOf(falcoEvent) is not { } id || IsOfSandbox(falcoEvent, id) || ContainerStatuses.Have(pod, id))
        {
            return null;
        }

        if (ContainerHistory.Unreported(pod) is { } unreported)
        {
            return $"{unreported}, and the container {id} of the event may be it";
        }

        if (CreatedAt(pod) is { } created && now - created < Young)
        {
            return $"the pod is a few seconds old and does not show the container {id} of the event";
        }

        // A container that was just started anew is shown as the one before it for a moment. An event that is older than that
        // moment is not worth the wait.
        bool mayBeNew = MayRestart(pod) && now < TimeOf(falcoEvent, acceptedAt) + Patience;
        return mayBeNew && ContainerHistory.IsWhole(pod, TimeOf(falcoEvent, acceptedAt))
            ? $"the pod does not show the container {id} of the event, which may have been started anew"
            : null;
    }

    /// <summary>When the pod was created and when the event happened, as outcomes say it.</summary>
    public static string Times(FalcoEvent falcoEvent, V1Pod pod, DateTimeOffset acceptedAt)
    {
        string created = CreatedAt(pod) is { } at ? $"was created at {at:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "has no creation time";
        return $"the pod {created}, the event is of {TimeOf(falcoEvent, acceptedAt).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}";
    }

    // A container, such as an init container that runs as a sidecar, may have a policy of its own, and rules that start it anew in spite of it.
    private static bool MayRestart(V1Pod pod) =>
        pod.Spec is not { RestartPolicy: "Never" } spec
        || (spec.Containers ?? []).Concat(spec.InitContainers ?? []).Any(
            container => container.RestartPolicy is not (null or "Never") || container.RestartPolicyRules is { Count: > 0 });

    // The clock of a node may be ahead. An event of the future would make any pod of that name look older than it.
    private static DateTimeOffset TimeOf(FalcoEvent falcoEvent, DateTimeOffset acceptedAt) =>
        falcoEvent.Time is { } time && time < acceptedAt ? time : acceptedAt;

    private static DateTimeOffset? CreatedAt(V1Pod pod) =>
        pod.Metadata.CreationTimestamp is { } created ? new DateTimeOffset(created.ToUniversalTime(), TimeSpan.Zero) : null;

    private static ContainerId? ContainerOf(FalcoEvent falcoEvent) =>
        !IsAudit(falcoEvent) && ContainerId.TryCreate(falcoEvent.ContainerId, out var id) ? id : null;

    private static bool IsAudit(FalcoEvent falcoEvent) => falcoEvent.Source == "k8s_audit";

    // Falco sometimes gives the sandbox of the pod for its container. The status of a pod has no sandbox, so that id says nothing.
    private static bool IsOfSandbox(FalcoEvent falcoEvent, ContainerId id) =>
        SandboxFields.Any(field =>
            ContainerId.TryCreate(falcoEvent.OutputFields.GetText(field), out var sandbox) && (sandbox.IsPrefixOf(id.Value) || id.IsPrefixOf(sandbox.Value)));

    private static PodIdentity ByAge(FalcoEvent falcoEvent, V1Pod pod, DateTimeOffset happened, ContainerId? id, string times)
    {
        if (CreatedAt(pod) is not { } created || happened - created <= (IsAudit(falcoEvent) ? MinimumAgeForAudit : MinimumAge))
        {
            return new Replaced(times);
        }

        string why = id is null ? "the event has no uid and no container id"
            : IsOfSandbox(falcoEvent, id) ? "the event has no uid, and for a container id that of the sandbox"
            : $"the event has no uid, and the pod, which may have had more containers than it shows, does not show {id}";
        return new Same(PodEvidence.Age, $"the pod was told by its age: {times}; {why}");
    }
}
