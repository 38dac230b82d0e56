using System.Collections.Concurrent;
using Talon.KubeApi.Api;

namespace Talon.KubeApi.Access;

/// <summary>Lets a request in, or says 401 or 403: that comes before everything else, an unknown path too.</summary>
internal sealed class AccessControl(string? adminToken, Authorizer? authorizer)
{
    private const string Scheme = "Bearer ";

    private static readonly string[] Public = ["/version", "/healthz", "/readyz", "/livez"];

    private readonly ConcurrentDictionary<string, Caller> _users = new(StringComparer.Ordinal);

    public void Add(string token, Caller caller) => _users[token] = caller;

    /// <returns>The caller, or the refusal.</returns>
    public (Caller Caller, ApiResponse? Refusal) Admit(RequestInfo request, string authorization)
    {
        var caller = Identify(authorization);
        if (caller is null)
            return (Caller.Anonymous, Statuses.Unauthorized());
        if (caller == Caller.Anonymous && Public.Contains(request.Path, StringComparer.Ordinal))
            return (caller, null);
        if (caller == Caller.Anonymous && authorizer is null)
            return (caller, Statuses.Forbidden(request, caller.Name));
        return (caller, authorizer?.Check(caller, request));
    }

    /// <summary>
    /// A write that turns out to make a new object needs the right to create as well: a PUT of a lease that is missing. The refusal gives
    /// no reason, as that of the real server.
    /// </summary>
    public ApiResponse? CheckCreate(RequestInfo request) =>
        authorizer is not null && request.Caller is { } caller && !authorizer.Allows(caller, request, "create")
            ? Statuses.ForbiddenWithoutReason(request)
            : null;

    private Caller? Identify(string authorization)
    {
        var token = authorization.StartsWith(Scheme, StringComparison.Ordinal) ? authorization[Scheme.Length..] : null;
        if (token is not null && _users.TryGetValue(token, out var user))
            return user;
        if (adminToken is null || token == adminToken)
            return Caller.Admin;
        return authorization.Length == 0 ? Caller.Anonymous : null;
    }
}
