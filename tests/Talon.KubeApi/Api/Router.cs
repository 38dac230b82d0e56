using System.Text.RegularExpressions;
using Talon.KubeApi.Access;
using Talon.KubeApi.Kubelet;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>Finds the handler for a request and the refusals that come before one.</summary>
internal sealed partial class Router
{
    /// <summary>The real server takes bodies up to 3 MiB.</summary>
    public const int BodyLimit = 3 * 1024 * 1024;

    private readonly ClusterStore _cluster;
    private readonly ReadHandler _reading;
    private readonly UpdateHandler _updating;
    private readonly PodSubresources _subresources;
    private readonly EvictionHandler _evicting;

    public Router(ClusterStore cluster, AccessControl access)
    {
        _cluster = cluster;
        _reading = new ReadHandler(cluster.Objects, cluster.Waiting);
        _updating = new UpdateHandler(cluster.Objects, cluster.Creating, access);
        _evicting = new EvictionHandler(cluster.Objects, cluster.Deleting, cluster.Waiting);
        _subresources = new PodSubresources(cluster, _reading, _updating);
    }

    public async Task<ApiResponse> RouteAsync(RequestInfo request, string address, EffectLog effects, CancellationToken ct)
    {
        if (request.Resource is null)
            return Discovery.Answer(request, address, _cluster.AbsentGroups) ?? Statuses.UnknownPath();
        if (!ResourceKinds.Knows(request.Group, request.Version) || _cluster.AbsentGroups.Contains(request.Group, StringComparer.Ordinal))
            return Statuses.UnknownPath();
        if (ResourceKinds.Find(request.Group, request.Version, request.Resource) is not { } kind)
            return ResourceKinds.IsCustom(request.Group) ? Statuses.UnknownPath() : Statuses.UnknownResource();
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
        if (!IsDuration(request.Option("timeout")))
            return Statuses.BadRequest($"invalid timeout specified in the request URL - time: invalid duration {FieldErrors.Quote(request.Option("timeout"))}");
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
            "patch" when request.Name is not null => _updating.Patch(kind, request, effects),
            "delete" when !status => _cluster.Deleting.Delete(kind, request, effects),
            "deletecollection" when kind.DeleteCollection && !status => _cluster.Deleting.DeleteCollection(kind, request, effects),
            _ => Statuses.MethodNotAllowed(),
        };
    }

    /// <summary>True for nothing and for what Go takes as a duration.</summary>
    private static bool IsDuration(string text) => text is "" or "0" || GoDuration().IsMatch(text);

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GoDuration();

    private static bool IsAcceptable(string accept)
    {
        if (accept.Length == 0)
            return true;
        foreach (var part in accept.Split(','))
        {
            var type = part.Split(';')[0].Trim();
            if (type is "*/*" or "application/*")
                return true;
            if (type == "application/json" && !part.Contains("as=", StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
