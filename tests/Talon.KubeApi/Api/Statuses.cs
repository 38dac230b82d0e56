using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>The Status bodies of refusals, in the words of the real server.</summary>
internal static class Statuses
{
    /// <summary>In the words of the real server; only the first one is spoken here.</summary>
    private const string AcceptedTypes = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <summary>Bytes of one write, as etcd is set by default.</summary>
    private const int StoreLimit = 1536 * 1024;

    public static ApiResponse Failure(int code, string? reason, string message, JsonObject? details = null, int? retryAfter = null)
    {
        var body = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
        };
        if (reason is not null)
            body["reason"] = reason;
        if (retryAfter is not null)
            (details ??= [])["retryAfterSeconds"] = retryAfter;
        if (details is not null)
            body["details"] = details;
        body["code"] = code;
        var response = ApiResponse.Json(code, body);
        return retryAfter is { } seconds ? response.With("Retry-After", [seconds.ToString(CultureInfo.InvariantCulture)]) : response;
    }

    public static JsonObject Details(ResourceKind? kind, string? name, string? kindName = null)
    {
        var details = new JsonObject();
        if (!string.IsNullOrEmpty(name))
            details["name"] = name;
        if (kind is { Group.Length: > 0 })
            details["group"] = kind.Group;
        if ((kindName ?? kind?.Plural) is { } word)
            details["kind"] = word;
        return details;
    }

    public static ApiResponse NotFound(ResourceKind kind, string name) =>
        Failure(404, "NotFound", $"{kind.QualifiedPlural} \"{name}\" not found", Details(kind, name));

    public static ApiResponse UnknownResource() => Failure(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiResponse UnknownPath() => ApiResponse.Text(404, "404 page not found\n");

    public static ApiResponse MethodNotAllowed() =>
        Failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiResponse NotAcceptable() =>
        Failure(406, "NotAcceptable", $"406: Not Acceptable\n\nAvailable representations: {AcceptedTypes}", []);

    public static ApiResponse BadRequest(string message) => Failure(400, "BadRequest", message);

    public static ApiResponse UnknownBodyType() => Failure(
        415,
        "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {AcceptedTypes}");

    public static ApiResponse UnknownCustomPatchType() => Failure(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
        + "application/merge-patch+json, application/apply-patch+yaml");

    public static ApiResponse UnknownPatchType() => Failure(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);

    /// <summary>A real server takes these: the message says that this one is not.</summary>
    public static ApiResponse PatchTypeNotBuilt(string type) => Failure(
        415,
        "UnsupportedMediaType",
        $"{type} is not part of this stand-in - accepted media types include: {PatchApplier.Merge}, {PatchApplier.Strategic}",
        []);

    public static ApiResponse TooLarge(int limit) =>
        Failure(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    /// <summary>What etcd does not take.</summary>
    public static ApiResponse? TooLargeToStore(JsonObject json) =>
        json.Utf8().Length > StoreLimit ? Failure(500, null, "etcdserver: request is too large") : null;

    public static ApiResponse Unauthorized() => Failure(401, "Unauthorized", "Unauthorized");

    public static ApiResponse NotBuilt(string what) => Failure(501, "NotImplemented", $"{what} is not part of this stand-in", []);

    public static ApiResponse Rejected() =>
        Failure(422, "Invalid", "the server rejected our request due to an error in our request", []);

    public static ApiResponse AlreadyExists(ResourceKind kind, string name) =>
        Failure(409, "AlreadyExists", $"{kind.QualifiedPlural} \"{name}\" already exists", Details(kind, name));

    public static ApiResponse Modified(ResourceKind kind, string name) => Failure(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {kind.QualifiedPlural} \"{name}\": the object has been modified; please apply your changes to the "
        + "latest version and try again",
        Details(kind, name));

    /// <summary>Faults of an object. They name its kind, or another word where the real server does.</summary>
    public static ApiResponse Invalid(ResourceKind kind, string name, FieldErrors faults, string? word = null)
    {
        // Events are checked as core/v1 has them, whichever way they come.
        var known = kind.StoredAs ?? kind;
        var details = Details(known, name, word ?? known.Kind);
        details["causes"] = faults.Causes();
        var qualified = known.Group.Length == 0 ? word ?? known.Kind : $"{word ?? known.Kind}.{known.Group}";
        return Failure(422, "Invalid", $"{qualified} \"{name}\" is invalid: {faults.Message}", details);
    }

    /// <summary>A fault of the options of a request, e.g. of kind PatchOptions.</summary>
    public static ApiResponse InvalidOptions(string kind, FieldErrors faults) => Failure(
        422,
        "Invalid",
        $"{kind}.meta.k8s.io \"\" is invalid: {faults.Message}",
        new JsonObject { ["group"] = "meta.k8s.io", ["kind"] = kind, ["causes"] = faults.Causes() });

    public static ApiResponse InvalidPatch(string patched, string why)
    {
        var faults = new FieldErrors();
        faults.Invalid("patch", patched, why);
        return Failure(422, "Invalid", $" \"\" is invalid: {faults.Message}", new JsonObject { ["causes"] = faults.Causes() });
    }

    /// <summary>The refusal of the authorizer for a request, as a user without the right sees it.</summary>
    public static ApiResponse Forbidden(RequestInfo request, string user)
    {
        if (request.Resource is null)
            return Failure(403, "Forbidden", $"forbidden: User \"{user}\" cannot {request.Verb} path \"{request.Path}\"", []);
        var kind = new JsonObject();
        if (request.Name is not null)
            kind["name"] = request.Name;
        if (request.Group.Length > 0)
            kind["group"] = request.Group;
        kind["kind"] = request.Resource;
        var qualified = request.Group.Length == 0 ? request.Resource : $"{request.Resource}.{request.Group}";
        var what = request.Name is null ? qualified : $"{qualified} \"{request.Name}\"";
        var resource = request.Subresource is null ? request.Resource : $"{request.Resource}/{request.Subresource}";
        var where = request.Namespace is { } ns && request.Resource != "namespaces" ? $"in the namespace \"{ns}\"" : "at the cluster scope";
        return Failure(
            403,
            "Forbidden",
            $"{what} is forbidden: User \"{user}\" cannot {request.Verb} resource \"{resource}\" in API group \"{request.Group}\" {where}",
            kind);
    }

    /// <summary>The refusal of a second check within a request that the authorizer has let pass: the message ends where a reason would be.</summary>
    public static ApiResponse ForbiddenWithoutReason(RequestInfo request)
    {
        var kind = new JsonObject { ["name"] = request.Name };
        if (request.Group.Length > 0)
            kind["group"] = request.Group;
        kind["kind"] = request.Resource;
        var qualified = request.Group.Length == 0 ? request.Resource : $"{request.Resource}.{request.Group}";
        return Failure(403, "Forbidden", $"{qualified} \"{request.Name}\" is forbidden: ", kind);
    }

    public static ApiResponse Success(ResourceKind kind, string name, string uid)
    {
        var details = Details(kind, name);
        details["uid"] = uid;
        return ApiResponse.Json(200, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        });
    }
}
