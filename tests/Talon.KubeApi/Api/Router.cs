using Talon.KubeApi.Kubelet;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>Finds the handler for a request and the refusals that come before one.</summary>
internal sealed class Router
{
    /// <summary>The real server takes bodies up to 3 MiB.</summary>
    public const int BodyLimit = 3 * 1024 * 1024;

    private readonly ClusterStore _cluster;
    private readonly string? _token;
    private readonly ReadHandler _reading;
    private readonly UpdateHandler _updating;
    private readonly PodSubresources _subresources;
    private readonly ApplyHandler _applying;
    private readonly EvictionHandler _evicting;

    public Router(ClusterStore cluster, string? token)
    {
        _cluster = cluster;
        _token = token;
        _reading = new ReadHandler(cluster.Objects, cluster.Waiting);
        _updating = new UpdateHandler(cluster.Objects, cluster.Creating, cluster.Owners);
        _evicting = new EvictionHandler(cluster.Objects, cluster.Deleting, cluster.Waiting);
        _applying = new ApplyHandler(cluster.Objects, cluster.Creating, _updating, cluster.Owners);
        _subresources = new PodSubresources(cluster, _reading, _updating);
    }

    /// <summary>401 for a wrong token on every path; 403 without one.</summary>
    public ApiResponse? Authenticate(RequestInfo request, string authorization)
    {
        if (_token is null || authorization == $"Bearer {_token}")
            return null;
        if (authorization.Length > 0)
            return Statuses.Unauthorized();
        return request.Path is "/version" or "/healthz" or "/readyz" or "/livez" ? null : Statuses.Forbidden(request, "system:anonymous");
    }

    public async Task<ApiResponse> RouteAsync(RequestInfo request, string address, EffectLog effects, CancellationToken ct)
    {
        if (request.Resource is null)
            return Discovery.Answer(request, address, _cluster.AbsentGroups) ?? Statuses.UnknownPath();
        if (!ResourceKinds.Knows(request.Group, request.Version) || _cluster.AbsentGroups.Contains(request.Group, StringComparer.Ordinal))
            return Statuses.UnknownPath();
        if (ResourceKinds.Find(request.Group, request.Version, request.Resource) is not { } kind)
            return Statuses.UnknownResource();
        if (kind.Namespaced && request.Namespace is null && request.Verb is not ("list" or "watch"))
            return Statuses.MethodNotAllowed();
        if (_subresources.Answer(kind, request, effects) is { } answer)
            return answer;
        if (kind == ResourceKinds.Pods && request.Subresource == "eviction")
            return _evicting.Evict(request, effects);
        if (request.Subresource is not null && !(request.Subresource == "status" && kind.Strategy.HasStatus))
            return Statuses.UnknownResource();
        if (!IsAcceptable(request.Accept))
            return Statuses.NotAcceptable();
        if (request.Body is null)
            return Statuses.TooLarge(BodyLimit);
        return await HandleAsync(kind, request, effects, ct);
    }

    private async Task<ApiResponse> HandleAsync(ResourceKind kind, RequestInfo request, EffectLog effects, CancellationToken ct)
    {
        if (request.Method == "HEAD")
            return Statuses.MethodNotAllowed() with { Body = ReadOnlyMemory<byte>.Empty };
        var status = request.Subresource is not null;
        return request.Verb switch
        {
            "get" => _reading.Get(kind, request),
            "list" when !status => await _reading.ListAsync(kind, request, ct),
            "watch" => Statuses.NotBuilt("watch"),
            "create" when request.Name is null => _cluster.Creating.Create(kind, request, effects),
            "update" when request.Name is not null => _updating.Put(kind, request, effects),
            "patch" when request.Name is not null && request.ContentType.Split(';')[0].Trim() == PatchApplier.Apply => _applying.Apply(kind, request, effects),
            "patch" when request.Name is not null => _updating.Patch(kind, request, effects),
            "delete" when !status => _cluster.Deleting.Delete(kind, request, effects),
            "deletecollection" when kind.DeleteCollection && !status => _cluster.Deleting.DeleteCollection(kind, request, effects),
            _ => Statuses.MethodNotAllowed(),
        };
    }

    private static bool IsAcceptable(string accept)
    {
        if (accept.Length == 0)
            return true;
        foreach (var part in accept.Split(','))
        {
            var type = part.Split(';')[0].Trim();
            if (type is "*/*" or "application/*")
                return true;
            if (type == "application/json"
                && (!part.Contains("as=", StringComparison.Ordinal) || part.Contains("as=PartialObjectMetadata", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }
}
