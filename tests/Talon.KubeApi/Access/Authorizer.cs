using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Access;

/// <summary>Decides by the roles and bindings in the store, as RBAC does: what no rule allows is refused.</summary>
internal sealed class Authorizer(ObjectStore store)
{
    /// <summary>What every user with a token may read (the role system:discovery).</summary>
    private static readonly string[] Discovery =
    [
        "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/",
    ];

    /// <summary>Subresources that a WebSocket opens: the verb of the handshake is get, but create is asked for too.</summary>
    private static readonly string[] Streams = ["exec", "attach", "portforward"];

    /// <returns>The refusal, or null.</returns>
    public ApiResponse? Check(Caller caller, RequestInfo request)
    {
        if (!Allows(caller, request, request.Verb))
            return Statuses.Forbidden(request, caller.Name);
        var streams = request is { Resource: "pods", IsUpgrade: true } && Streams.Contains(request.Subresource, StringComparer.Ordinal);
        return streams && !Allows(caller, request, "create") ? Statuses.ForbiddenWithoutReason(request) : null;
    }

    public bool Allows(Caller caller, RequestInfo request, string verb)
    {
        if (caller.IsAdmin)
            return true;
        if (request.Resource is null && verb == "get" && caller != Caller.Anonymous && Discovery.Any(p => Fits(p, request.Path)))
            return true;
        return Rules(caller, request).Any(r => request.Resource is null ? AllowsPath(r, request.Path, verb) : AllowsResource(r, request, verb));
    }

    /// <summary>The rules that reach the caller: of all cluster role bindings, and of the role bindings of the namespace.</summary>
    private IEnumerable<JsonObject> Rules(Caller caller, RequestInfo request)
    {
        foreach (var binding in store.Latest(ResourceKinds.ClusterRoleBindings).Objects.Values)
        {
            foreach (var rule in RulesOf(binding.ToJson(), caller, null))
                yield return rule;
        }

        if (request.Resource is null || request.Namespace is not { } ns)
            yield break;
        foreach (var binding in store.Latest(ResourceKinds.RoleBindings).Objects.Values.Where(b => b.Namespace == ns))
        {
            foreach (var rule in RulesOf(binding.ToJson(), caller, ns))
                yield return rule;
        }
    }

    private IEnumerable<JsonObject> RulesOf(JsonObject binding, Caller caller, string? ns)
    {
        if (!binding.Items("subjects").Any(s => IsMeant(s, caller)))
            return [];
        var role = binding["roleRef"];
        var found = role.Text("kind") == "ClusterRole"
            ? store.Find(ResourceKinds.ClusterRoles, null, role.Text("name"))
            : ns is null ? null : store.Find(ResourceKinds.Roles, ns, role.Text("name"));
        return found?.ToJson().Items("rules") ?? [];
    }

    private static bool IsMeant(JsonObject subject, Caller caller) => subject.Text("kind") switch
    {
        "User" => subject.Text("name") == caller.Name,
        "Group" => caller.Groups.Contains(subject.Text("name"), StringComparer.Ordinal),
        "ServiceAccount" => $"system:serviceaccount:{subject.Text("namespace")}:{subject.Text("name")}" == caller.Name,
        _ => false,
    };

    private static bool AllowsPath(JsonObject rule, string path, string verb) =>
        Has(rule, "verbs", verb) && Values(rule, "nonResourceURLs").Any(p => Fits(p, path));

    private static bool AllowsResource(JsonObject rule, RequestInfo request, string verb)
    {
        var name = verb == "create" && request.Subresource is null ? "" : request.Name ?? NameOfSelector(request);
        var names = Values(rule, "resourceNames").ToList();
        return Has(rule, "verbs", verb)
            && Has(rule, "apiGroups", request.Group)
            && Values(rule, "resources").Any(r => IsResource(r, request))
            && (names.Count == 0 || names.Contains(name, StringComparer.Ordinal));
    }

    private static bool IsResource(string resource, RequestInfo request)
    {
        var whole = request.Subresource is null ? request.Resource : $"{request.Resource}/{request.Subresource}";
        return resource == "*" || resource == whole || (request.Subresource is not null && resource == $"*/{request.Subresource}");
    }

    /// <summary>A list or watch of one name counts as being about that name.</summary>
    private static string NameOfSelector(RequestInfo request)
    {
        const string Prefix = "metadata.name=";
        var selector = request.Option("fieldSelector").Split(',').FirstOrDefault(t => t.StartsWith(Prefix, StringComparison.Ordinal));
        return selector is null || request.Verb is not ("list" or "watch" or "deletecollection") ? "" : selector[Prefix.Length..];
    }

    private static bool Fits(string pattern, string path) =>
        pattern.EndsWith('*') ? path.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == path;

    private static bool Has(JsonObject rule, string field, string value) => Values(rule, field).Any(v => v == "*" || v == value);

    private static IEnumerable<string> Values(JsonObject rule, string field) => (rule[field] as JsonArray ?? []).Select(v => v?.GetValue<string>() ?? "");
}
