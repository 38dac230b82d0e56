using System.Text.Json.Nodes;
using k8s.Models;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// Pods that only mirror a static pod, whose source is a file on the node. A mirror pod that is deleted or evicted is back at once, and
/// its containers have kept running. Nobody else can fake one: the kubelet removes a pod with this mark that it has no file for.
/// </summary>
internal static class MirrorPods
{
    private const string Annotation = "kubernetes.io/config.mirror";
    private const string Hash = "kubernetes.io/config.hash";

    /// <summary>Why deleting one is refused, for a sentence about it.</summary>
    public const string Reason = "mirrors a static pod: deleting it would not stop its containers; remove its file from the node";

    public static bool Is(V1Pod pod) => pod.Metadata.Annotations?.ContainsKey(Annotation) == true;

    /// <summary>
    /// The uid of the static pod: a hash of its file, by which the kubelet, the runtime and with them Falco know it. The API server
    /// has given the pod that mirrors it another one. Null when the pod mirrors none.
    /// </summary>
    public static string? StaticUidOf(V1Pod pod) => Is(pod) && pod.Metadata.Annotations.TryGetValue(Hash, out string? hash) ? hash : null;

    public static bool Is(JsonObject pod) => pod.TextsAt("metadata", "annotations").ContainsKey(Annotation);
}
