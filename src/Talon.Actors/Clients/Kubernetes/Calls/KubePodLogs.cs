using k8s;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Logs over the API.</summary>
internal sealed class KubePodLogs(KubeCaller caller) : IPodLogs
{
    public Task<KubeResult<byte[]>> ReadAsync(NamespaceName namespaceName, KubeName pod, LogQuery query, CallScope scope) =>
        caller.CallAsync(
            $"read the log of the container {OneLine.From(query.Container)} of the pod {namespaceName}/{pod}",
            scope,
            (client, token) => ReadAsync(client, namespaceName, pod, query, token),
            _ => true,
            byKubelet: true);

    private static async Task<byte[]> ReadAsync(IKubernetes client, NamespaceName namespaceName, KubeName pod, LogQuery query, CancellationToken token)
    {
        // The library escapes query parameters, and only those.
        await using var stream = await client.CoreV1.ReadNamespacedPodLogAsync(
            pod.Value,
            namespaceName.Value,
            container: query.Container,
            limitBytes: query.MostBytes,
            previous: query.Previous,
            sinceSeconds: query.SinceSeconds,
            tailLines: query.TailLines,
            cancellationToken: token);

        // A server that does not keep to limitBytes is cut here.
        byte[] bytes = new byte[query.MostBytes];
        int read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, token);
        return bytes.AsSpan(0, read).ToArray();
    }
}
