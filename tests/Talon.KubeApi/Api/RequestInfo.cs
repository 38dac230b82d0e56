using Microsoft.AspNetCore.WebUtilities;
using Talon.KubeApi.Access;

namespace Talon.KubeApi.Api;

/// <summary>What a request asks for, read from its method, path and query as the real server reads them.</summary>
internal sealed record RequestInfo(string Method, string Path, IQueryCollection Query)
{
    /// <summary>get, list, watch, create, update, patch, delete, deletecollection; for other paths the method in small letters.</summary>
    public string Verb { get; init; } = "";

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string? Namespace { get; init; }

    /// <summary>Null for paths outside of the resources.</summary>
    public string? Resource { get; init; }

    public string? Name { get; init; }

    public string? Subresource { get; init; }

    /// <summary>The body, already cut off at the limit; null when it was longer.</summary>
    public string? Body { get; init; } = "";

    public string ContentType { get; init; } = "";

    public string Accept { get; init; } = "";

    /// <summary>True when the request asks for a WebSocket.</summary>
    public bool IsUpgrade { get; init; }

    /// <summary>The WebSocket subprotocols it offers.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    public string Option(string name) => Query.TryGetValue(name, out var value) ? value.ToString() : "";

    public bool Has(string name) => Query.ContainsKey(name) && Option(name).Length > 0;

    /// <summary>Who sends it, once that is known.</summary>
    public Caller? Caller { get; init; }

    public bool IsDryRun => Option("dryRun") == "All";

    /// <summary>The namespace to look in: null for kinds that live in none.</summary>
    public string? NamespaceOf(Store.ResourceKind kind) => kind.Namespaced ? Namespace : null;

    public static RequestInfo Parse(string method, string rawTarget)
    {
        var cut = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var path = cut < 0 ? rawTarget : rawTarget[..cut];
        var query = new QueryCollection(QueryHelpers.ParseQuery(cut < 0 ? "" : rawTarget[cut..]));
        var info = new RequestInfo(method, path, query) { Verb = method.ToLowerInvariant() };
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        if (parts.Length >= 3 && parts[0] == "api")
            return info.WithResource("", parts[1], parts[2..]);
        return parts.Length >= 4 && parts[0] == "apis" ? info.WithResource(parts[1], parts[2], parts[3..]) : info;
    }

    private RequestInfo WithResource(string group, string version, string[] parts)
    {
        string? ns = null;
        if (parts[0] == "namespaces" && parts.Length > 2 && parts[2] is not ("status" or "finalize"))
        {
            ns = parts[1];
            parts = parts[2..];
        }

        var name = parts.Length > 1 ? parts[1] : null;
        return this with
        {
            Group = group,
            Version = version,
            Namespace = parts[0] == "namespaces" ? name : ns,
            Resource = parts[0],
            Name = name,
            Subresource = parts.Length > 2 ? string.Join('/', parts[2..]) : null,
            Verb = VerbOf(name),
        };
    }

    private string VerbOf(string? name) => Method switch
    {
        "GET" or "HEAD" => name is not null ? "get" : IsWatch ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name is null ? "deletecollection" : "delete",
        _ => Method.ToLowerInvariant(),
    };

    private bool IsWatch => Option("watch") is "true" or "1" or "yes" or "True";
}
