using k8s.Models;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// Whether the status of a pod tells of every container that the pod has had. It has, of each container by name, the one that runs
/// and the one before it; what was started earlier is forgotten.
/// </summary>
internal static class ContainerHistory
{
    // The times of starts are cut to the second, and written by the kubelet a little after the runtime has started the container.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether the pod shows the id of each container that was started in it until the event. A node that is started anew may begin
    /// to count restarts at 0: so none may have been started after the event.
    /// </summary>
    public static bool IsWhole(V1Pod pod, DateTimeOffset eventTime)
    {
        var statuses = ContainerStatuses.All(pod);
        return statuses.Count > 0
            && Names(pod).All(name => statuses.Any(status => status.Name == name))
            && statuses.All(status => !IsStarted(status) || (ShowsAllIds(status) && Starts(status).All(start => IsBefore(start, eventTime))));
    }

    /// <summary>A container of the pod that its kubelet has not reported to run, as a clause; null when it has reported all.</summary>
    public static string? Unreported(V1Pod pod)
    {
        var statuses = ContainerStatuses.All(pod);
        string? name = statuses.FirstOrDefault(status => status.State?.Waiting is not null || !Ids(status).Any())?.Name
            ?? Names(pod).FirstOrDefault(name => statuses.All(status => status.Name != name));
        return name is not null ? $"the container {OneLine.From(name)} of the pod waits or has no id yet"
            : statuses.Count == 0 ? "no container of the pod has an id yet"
            : null;
    }

    private static IEnumerable<string> Names(V1Pod pod) =>
    [
        .. (pod.Spec?.Containers ?? []).Select(container => container.Name),
        .. (pod.Spec?.InitContainers ?? []).Select(container => container.Name),
        .. (pod.Spec?.EphemeralContainers ?? []).Select(container => container.Name),
    ];

    private static bool IsStarted(V1ContainerStatus status) =>
        status.RestartCount > 0 || status.State?.Running is not null || status.State?.Terminated is not null
        || status.LastState?.Running is not null || status.LastState?.Terminated is not null || Ids(status).Any();

    // A container that waits for its second restart has the first one for its last state: two ids are asked for, not just that one.
    private static bool ShowsAllIds(V1ContainerStatus status) => status.RestartCount switch
    {
        0 => Ids(status).Any(),
        1 => status.LastState?.Terminated?.ContainerID is { Length: > 0 } && Ids(status).Count() == 2,
        _ => false,
    };

    private static IEnumerable<string> Ids(V1ContainerStatus status) =>
        ContainerStatuses.Ids(status).OfType<string>().Where(id => id.Length > 0).Distinct(StringComparer.Ordinal);

    private static IEnumerable<DateTime?> Starts(V1ContainerStatus status)
    {
        var current = status.State;
        if (current?.Running is { } running)
        {
            yield return running.StartedAt;
        }
        else if (current?.Terminated is { } terminated)
        {
            yield return terminated.StartedAt;
        }

        if (status.LastState?.Terminated is { } last)
        {
            yield return last.StartedAt;
        }
        else if (current is not { Running: not null } and not { Terminated: not null })
        {
            yield return null;
        }
    }

    private static bool IsBefore(DateTime? start, DateTimeOffset eventTime) =>
        start is { } at && eventTime - new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) >= Tolerance;
}
