using Talon.KubeApi.Api;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Kubelet;

/// <summary>The checks before an exec, in the order of the real API server and kubelet.</summary>
internal sealed class ExecHandler(ObjectStore store, NodeAgent agent)
{
    public ApiResponse Answer(RequestInfo request)
    {
        if (request.Method is not ("GET" or "POST"))
            return Statuses.MethodNotAllowed();
        if (PodContainers.Find(store, request, out var pod, out var container) is { } refused)
            return refused;
        if (!request.IsUpgrade)
            return Statuses.BadRequest("Upgrade request required");
        if (agent.IsLost(pod!.Fields["spec.nodeName"]))
            return Statuses.Failure(500, null, $"error dialing backend: {NodeAgent.Refused}");
        if (!Flag(request, "stdin") && !Flag(request, "stdout") && !Flag(request, "stderr"))
            return ApiResponse.Text(400, "you must specify at least 1 of stdin, stdout, stderr");
        if (PodContainers.Status(pod.ToJson(), container)?["state"]?["running"] is null)
            return ApiResponse.Text(500, $"container not found (\"{container}\")");
        if (ProtocolOf(request.Protocols) is not { } protocol)
            return new ApiResponse(403, "", ReadOnlyMemory<byte>.Empty);
        var call = new ExecCall
        {
            Namespace = pod.Namespace!,
            Pod = pod.Name,
            PodUid = pod.Uid,
            Container = container,
            Argv = request.Query.TryGetValue("command", out var command) ? [.. command.Select(c => c ?? "")] : [],
            Stdin = Flag(request, "stdin"),
            Stdout = Flag(request, "stdout"),
            Stderr = Flag(request, "stderr"),
            Protocol = protocol,
        };
        return new ApiResponse(101, "", ReadOnlyMemory<byte>.Empty) { Upgrade = new ExecSocket(agent, call) };
    }

    /// <summary>Any value but false and 0 is true.</summary>
    private static bool Flag(RequestInfo request, string name) =>
        request.Query.ContainsKey(name) && !request.Option(name).Equals("false", StringComparison.OrdinalIgnoreCase) && request.Option(name) != "0";

    private static string? ProtocolOf(IReadOnlyList<string> offered)
    {
        if (offered.Count == 0)
            return "";
        return offered.FirstOrDefault(o => o is ExecStatus.V5 or ExecStatus.V4 or ExecStatus.Oldest);
    }
}
