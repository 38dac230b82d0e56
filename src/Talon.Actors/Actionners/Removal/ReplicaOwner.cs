using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Removal;

/// <summary>
/// What keeps the replicas of a pod: a closed set. It is the owner that the pod names as its controller; the API server allows one
/// of those. Other owners only take the pod along when they are deleted.
/// </summary>
internal abstract record ReplicaOwner
{
    private ReplicaOwner()
    {
    }

    /// <summary>A controller whose pods can be counted.</summary>
    public sealed record Counted(PodControllerKind Kind, string Name, string Uid) : ReplicaOwner;

    /// <summary>There are no replicas to keep.</summary>
    /// <param name="Reason">Why, one clause.</param>
    public sealed record None(string Reason) : ReplicaOwner;

    /// <summary>Something that may keep replicas, but Talon does not know how many.</summary>
    /// <param name="Reason">What it is, one clause.</param>
    public sealed record Unknown(string Reason) : ReplicaOwner;

    public static ReplicaOwner Of(V1Pod pod)
    {
        var owners = pod.Metadata.OwnerReferences ?? [];
        if (owners.Count == 0)
        {
            return new None("it is a standalone pod");
        }

        if (owners.FirstOrDefault(owner => owner.Controller == true) is not { } controller)
        {
            return new None("none of its owners is its controller");
        }

        string name = OneLine.From(controller.Name);
        return (Group(controller.ApiVersion), controller.Kind) switch
        {
            ("apps", "ReplicaSet") => new Counted(PodControllerKind.ReplicaSet, controller.Name, controller.Uid),
            ("apps", "StatefulSet") => new Counted(PodControllerKind.StatefulSet, controller.Name, controller.Uid),
            ("apps", "DaemonSet") => new Counted(PodControllerKind.DaemonSet, controller.Name, controller.Uid),
            ("batch", "Job") => new None($"it belongs to the Job {name}"),
            _ => new Unknown($"it belongs to the {OneLine.From(controller.Kind)} {name} of {OneLine.From(controller.ApiVersion)}"),
        };
    }

    // "v1" without a slash is the core group.
    private static string Group(string? apiVersion) => apiVersion?.IndexOf('/', StringComparison.Ordinal) is { } slash and > 0 ? apiVersion[..slash] : "";
}
