using System.Text;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>Turns the body of a POST or PUT into an object of the kind that the path names.</summary>
internal static class BodyReader
{
    public sealed record Result(JsonObject? Json, ApiResponse? Fault, IReadOnlyList<string> Warnings);

    public static Result Read(ResourceKind kind, RequestInfo request)
    {
        var type = request.ContentType.Split(';')[0].Trim();
        if (type.Length > 0 && type != "application/json")
            return Fail(Statuses.UnknownBodyType());
        var body = request.Body ?? "";
        var parsed = GoJson.Parse(body);
        if (parsed.Error is not null)
            return Fail(Unrecognized(kind, parsed.Error, body));
        if (parsed.Node is not (JsonObject or null))
        {
            var what = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";
            return Fail(Unrecognized(kind, $"json: cannot unmarshal {GoJson.TypeName(parsed.Node)} into Go value of type {what}", body));
        }

        var json = parsed.Node as JsonObject ?? [];
        if (kind.IsCustom && CustomFault(kind, json, body) is { } customFault)
            return Fail(customFault);
        if (KindFault(kind, json) is { } kindFault)
            return Fail(Statuses.BadRequest($"{kindFault.Kind} in version \"{kindFault.Version}\" cannot be handled as a {kind.Kind}: {kindFault.Why}"));
        var schema = Schema.Prune(json, kind.Model);
        if ((schema.TypeFault ?? MicroTime.Normalise(json, kind.Strategy.MicroTimes)) is { } typeFault)
            return Fail(Statuses.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: {typeFault}"));
        var faults = WriteOptions.Faults(parsed.Duplicates, schema.Unknown).ToList();
        if (faults.Count > 0 && WriteOptions.IsStrict(request))
        {
            return Fail(Statuses.BadRequest(
                $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: strict decoding error: {string.Join(", ", faults)}"));
        }

        json["kind"] = kind.Kind;
        json["apiVersion"] = kind.ApiVersion;
        json.Meta().DropNulls();
        json["spec"].DropNulls();
        return new Result(json, null, [.. WriteOptions.Warnings(request, parsed.Duplicates, schema.Unknown)]);
    }

    /// <summary>Custom resources: what they are has to stand in the body, and the shape of the spec is checked later than that.</summary>
    private static ApiResponse? CustomFault(ResourceKind kind, JsonObject json, string body)
    {
        if (json.Text("kind").Length == 0)
            return Unrecognized(kind, $"Object 'Kind' is missing in '{body}'", body, "");
        if (json.Text("apiVersion") is var version && version != kind.ApiVersion)
        {
            return Statuses.BadRequest($"the API version in the data ({version}) does not match the expected API version ({kind.ApiVersion})");
        }

        var faults = new FieldErrors();
        var named = json.Text("kind");
        if (named != kind.Kind)
            faults.Invalid("kind", named, $"must be {kind.Kind}");
        else if (json["spec"] is { } spec and not JsonObject)
            faults.WrongType("spec", GoJson.TypeName(spec), $"spec in body must be of type object: {FieldErrors.Quote(GoJson.TypeName(spec))}");
        return faults.Any ? Statuses.Invalid(kind, json.Meta().Text("name"), faults, named) : null;
    }

    /// <summary>Says why kind and apiVersion of a body do not fit; absent ones are taken from the path.</summary>
    public static (string Kind, string Version, string Why)? KindFault(ResourceKind kind, JsonObject json)
    {
        var named = json.Text("kind") is { Length: > 0 } k ? k : kind.Kind;
        var version = json.Text("apiVersion") is { Length: > 0 } v ? v : kind.ApiVersion;
        if (ResourceKinds.All.FirstOrDefault(r => r.Kind == named && r.ApiVersion == version) is not { } known)
            return (named, version, $"no kind \"{named}\" is registered for version \"{version}\" in scheme \"pkg/runtime/scheme.go:111\"");
        return known == kind ? null : (named, version, $"converting (v1.{named}) to (core.{kind.Kind}): unknown conversion");
    }

    /// <summary>The name and namespace in the body may be absent, but not differ from the path.</summary>
    public static ApiResponse? CheckPath(ResourceKind kind, RequestInfo request, JsonObject json)
    {
        var metadata = json.Meta();
        var name = metadata.Text("name");
        if (request.Name is { } wanted && name.Length > 0 && name != wanted)
            return Statuses.BadRequest($"the name of the object ({name}) does not match the name on the URL ({wanted})");
        if (!kind.Namespaced)
        {
            metadata.Remove("namespace");
            return null;
        }

        var ns = metadata.Text("namespace");
        if (ns.Length > 0 && ns != request.Namespace)
            return Statuses.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        metadata["namespace"] = request.Namespace;
        return null;
    }

    private static Result Fail(ApiResponse response) => new(null, response, []);

    private static ApiResponse Unrecognized(ResourceKind kind, string why, string body, string step = "couldn't get version/kind; json parse error: ") =>
        Statuses.BadRequest($"the object provided is unrecognized (must be of type {kind.Kind}): {step}{why} ({Excerpt(body)})");

    /// <summary>The real server shows the start of a JSON-like body as text and anything else as hexadecimal.</summary>
    private static string Excerpt(string body)
    {
        if (body.Length == 0)
            return "<empty>";
        var text = body.StartsWith('{') ? body : Convert.ToHexStringLower(Encoding.UTF8.GetBytes(body));
        return text.Length <= 30 ? text : $"{text[..30]} ...";
    }
}
