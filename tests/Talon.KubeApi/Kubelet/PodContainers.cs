using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Kubelet;

/// <summary>Which container of which pod a request to a kubelet means.</summary>
internal static class PodContainers
{
    private static readonly string[] Lists = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Finds pod and container, or says why not.</summary>
    public static ApiResponse? Find(ObjectStore store, RequestInfo request, out StoredObject? pod, out string container)
    {
        container = request.Option("container");
        pod = store.Find(ResourceKinds.Pods, request.Namespace, request.Name!);
        if (pod is null)
            return Statuses.NotFound(ResourceKinds.Pods, request.Name!);
        var spec = pod.ToJson()["spec"];
        if (container.Length == 0)
        {
            if (Choose(spec) is not { } only)
                return Statuses.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', Names(spec))}]");
            container = only;
        }
        else if (!Names(spec).Contains(container, StringComparer.Ordinal))
        {
            return Statuses.BadRequest($"container {container} is not valid for pod {pod.Name}");
        }

        return pod.Fields["spec.nodeName"].Length == 0 && request.Subresource != "log"
            ? Statuses.BadRequest($"pod {pod.Name} does not have a host assigned")
            : null;
    }

    /// <summary>The status of a container of any sort, or null.</summary>
    public static JsonObject? Status(JsonObject pod, string container) =>
        new[] { "initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses" }
            .SelectMany(list => pod["status"].Items(list))
            .FirstOrDefault(c => c.Text("name") == container);

    /// <summary>The container in the spec, of any sort, or null.</summary>
    public static JsonObject? Spec(JsonObject pod, string container) =>
        Lists.SelectMany(list => pod["spec"].Items(list)).FirstOrDefault(c => c.Text("name") == container);

    private static List<string> Names(JsonNode? spec) => [.. Lists.SelectMany(list => spec.Items(list)).Select(c => c.Text("name"))];

    /// <summary>A single container need not be named; init and ephemeral ones do not count.</summary>
    private static string? Choose(JsonNode? spec) => spec.Items("containers").ToList() is [var only] ? only.Text("name") : null;
}
