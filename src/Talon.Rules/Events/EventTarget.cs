namespace Talon.Rules.Events;

/// <summary>
/// What an event is about, as far as the event alone says: the unit of fair shares, so that alerts about one thing do not
/// shut out those about others. For counting only; an action finds and checks its own target.
/// </summary>
public static class EventTarget
{
    // No Kubernetes name is longer; a text of an event may be.
    private const int LongestPart = 253;

    /// <summary>
    /// A pure function of the event: for a call to the API server about anything but a pod that object, else the pod by namespace and
    /// name, else the container, else the host of the sensor. All events without any of these are one target.
    /// </summary>
    public static string Of(FalcoEvent falcoEvent)
    {
        if (falcoEvent.TargetResource is { } resource && resource != "pods")
        {
            return $"{Cut(resource)}/{Cut(falcoEvent.TargetNamespace)}/{Cut(falcoEvent.TargetName)}";
        }

        if (falcoEvent.Namespace is { } namespaceName && falcoEvent.PodName is { } pod)
        {
            return $"pod/{Cut(namespaceName)}/{Cut(pod)}";
        }

        return falcoEvent.ContainerId is { } container ? $"container/{Cut(container)}" : $"host/{Cut(falcoEvent.Hostname)}";
    }

    private static string Cut(string? part) => part is null ? "" : part.Length > LongestPart ? part[..LongestPart] : part;
}
