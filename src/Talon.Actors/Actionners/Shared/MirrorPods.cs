using System.Text.Json.Nodes;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Actionners.Shared;

/// <summary>
/// Pods that only mirror a static pod: a file on the node is their source. Deleted or evicted such a pod is back at once, and its
/// containers have gone on running. Only a kubelet can keep one: it removes a pod with the mark that it has no file for.
/// </summary>
internal static class MirrorPods
{
    private const string Annotation = "kubernetes.io/config.mirror";

    /// <summary>Why deleting one is refused, for a sentence about it.</summary>
    public const string Reason = "mirrors a static pod: deleting it would not stop its containers; remove its file from the node";

    public static bool Is(V1Pod pod) => pod.Metadata.Annotations?.ContainsKey(Annotation) == true;

    public static bool Is(JsonObject pod) => pod.TextsAt("metadata", "annotations").ContainsKey(Annotation);
}
