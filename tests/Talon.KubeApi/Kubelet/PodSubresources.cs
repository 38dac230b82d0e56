using Talon.KubeApi.Api;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Kubelet;

/// <summary>The subresources of pods that are about their containers.</summary>
internal sealed class PodSubresources(ClusterStore cluster, ReadHandler reading, UpdateHandler updating)
{
    private readonly ExecHandler _exec = new(cluster.Objects, cluster.Kubelets);
    private readonly LogHandler _log = new(cluster.Objects, cluster.Kubelets);

    /// <returns>Null when this is none of them.</returns>
    public ApiResponse? Answer(ResourceKind kind, RequestInfo request, EffectLog effects)
    {
        if (kind != ResourceKinds.Pods || request.Name is null)
            return null;
        return request.Subresource switch
        {
            "exec" => _exec.Answer(request),
            "log" => _log.Answer(request),
            "ephemeralcontainers" => Ephemeral(kind, request, effects),
            _ => null,
        };
    }

    private ApiResponse Ephemeral(ResourceKind kind, RequestInfo request, EffectLog effects)
    {
        if (request.Body is null)
            return Statuses.TooLarge(Router.BodyLimit);
        return request.Verb switch
        {
            "get" => reading.Get(kind, request),
            "patch" => updating.Patch(kind, request, effects),
            "update" => updating.Put(kind, request, effects),
            _ => Statuses.MethodNotAllowed(),
        };
    }
}
