using Talon.KubeApi.Api;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Kubelet;

/// <summary>The subresources of pods that a kubelet answers.</summary>
internal sealed class PodSubresources(ClusterStore cluster)
{
    private readonly ExecHandler _exec = new(cluster.Objects, cluster.Kubelets);
    private readonly LogHandler _log = new(cluster.Objects, cluster.Kubelets);

    /// <returns>Null when this is none of them.</returns>
    public ApiResponse? Answer(ResourceKind kind, RequestInfo request)
    {
        if (kind != ResourceKinds.Pods || request.Name is null)
            return null;
        return request.Subresource switch
        {
            "exec" => _exec.Answer(request),
            "log" => _log.Answer(request),
            _ => null,
        };
    }
}
