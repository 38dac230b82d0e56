using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Events;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Whether the pod that now has the name of the event is the one the event is about: a closed set.</summary>
public abstract record PodIdentity
{
    // A name is not reused without a later creationTimestamp. That time is cut to the second and the clocks of a node and of the
    // API server differ a little, so a pod has to be older than the event by this much.
    private static readonly TimeSpan MinimumAge = TimeSpan.FromSeconds(2);

    // Nothing but its age identifies the pod of an audit event, so more is asked for: a pod that is younger may be another one.
    private static readonly TimeSpan MinimumAgeForAudit = TimeSpan.FromSeconds(30);

    private PodIdentity()
    {
    }

    /// <summary>It is.</summary>
    public sealed record Same : PodIdentity;

    /// <summary>It is not, or that cannot be told.</summary>
    /// <param name="Reason">Why not, one clause.</param>
    public sealed record Replaced(string Reason) : PodIdentity;

    /// <summary>
    /// Decides, in this order: the pod uid of the event, if it has one; a container id of the pod's status that begins with the
    /// event's; the age of the pod, which must have been created more than 2 s before the event. Events of <c>k8s_audit</c> have no
    /// container id of their own; for them it is 30 s.
    /// </summary>
    /// <param name="falcoEvent">The event.</param>
    /// <param name="pod">The pod as just read.</param>
    /// <param name="acceptedAt">When Talon accepted the event; stands in where the event has no time.</param>
    public static PodIdentity Decide(FalcoEvent falcoEvent, V1Pod pod, DateTimeOffset acceptedAt)
    {
        ArgumentNullException.ThrowIfNull(falcoEvent);
        ArgumentNullException.ThrowIfNull(pod);
        if (falcoEvent.PodUid is { } uid)
        {
            return uid == pod.Metadata.Uid ? new Same() : new Replaced($"the pod now has the uid {pod.Metadata.Uid}");
        }

        bool audit = falcoEvent.Source == "k8s_audit";
        if (!audit && ContainerId.TryCreate(falcoEvent.ContainerId, out var id) && ContainerStatuses.Have(pod, id))
        {
            return new Same();
        }

        if (pod.Metadata.CreationTimestamp is not { } createdText)
        {
            return new Replaced("the pod has no creation time");
        }

        var created = new DateTimeOffset(createdText.ToUniversalTime(), TimeSpan.Zero);
        var happened = falcoEvent.Time ?? acceptedAt;
        bool old = happened - created > (audit ? MinimumAgeForAudit : MinimumAge);
        return old ? new Same() : new Replaced($"the pod was created at {created:yyyy-MM-dd'T'HH:mm:ss'Z'}");
    }
}
