using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Actionners.Captures.Sysdig;

/// <summary>The container runtime of a node, as the ids in the status of its pods tell: <c>RUNTIME://ID</c>.</summary>
/// <param name="Name">Its name in those ids.</param>
/// <param name="Socket">The default path of its socket.</param>
/// <param name="IsCri">Whether sysdig asks it over CRI; Docker has its own API.</param>
internal sealed record ContainerRuntime(string Name, string Socket, bool IsCri)
{
    private const string Mark = "://";

    public static ImmutableArray<ContainerRuntime> Known { get; } =
    [
        new("containerd", "/run/containerd/containerd.sock", true),
        new("cri-o", "/run/crio/crio.sock", true),
        new("docker", "/var/run/docker.sock", false),
    ];

    /// <summary>The runtime that the first id of the pod names; null when no id names one that is known.</summary>
    public static ContainerRuntime? Of(V1Pod pod) => ContainerStatuses.IdsOf(pod)
        .Select(id => Known.FirstOrDefault(runtime => id.StartsWith(runtime.Name + Mark, StringComparison.Ordinal)))
        .FirstOrDefault(runtime => runtime is not null);

    /// <summary>
    /// The ids of the pod's containers as sysdig shows them, each once. Ids that are missing, too short or not hex are left out.
    /// </summary>
    public static ImmutableArray<string> Ids(V1Pod pod) =>
    [
        .. ContainerStatuses.IdsOf(pod)
            .Select(id => ContainerId.TryCreate(id[(id.IndexOf(Mark, StringComparison.Ordinal) is var at and >= 0 ? at + Mark.Length : 0)..], out var known) ? known : null)
            .OfType<ContainerId>()
            .Select(id => id.Value[..ContainerId.MinLength])
            .Distinct(StringComparer.Ordinal),
    ];
}
