using System.Text.Json.Nodes;
using Talon.KubeApi.Access;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>PATCH of the type apply: a manager says which fields it wants, and which of them are its own follows from that.</summary>
internal sealed class ApplyHandler(ObjectStore store, CreateHandler creating, UpdateHandler updating, FieldOwners owners, AccessControl access)
{
    public ApiResponse Apply(ResourceKind kind, RequestInfo request, EffectLog effects)
    {
        if (WriteOptions.Check(request, "PatchOptions", applies: true) is { } optionFault)
            return optionFault;
        var parsed = GoJson.Parse(request.Body ?? "");
        if (parsed.Error is not null)
            return Statuses.BadRequest($"error decoding YAML: {parsed.Error}");
        if (parsed.Node is not JsonObject json)
        {
            return Statuses.BadRequest(
                $"error decoding YAML: json: cannot unmarshal {GoJson.TypeName(parsed.Node)} into Go value of type map[string]interface {{}}");
        }

        if (Check(kind, request, json) is { } fault)
            return fault;
        lock (store.Gate)
        {
            var found = store.Find(kind, request.NamespaceOf(kind), request.Name!);
            return found is null ? Create(kind, request, json, effects) : Update(kind, request, json, found, effects);
        }
    }

    private static ApiResponse? Check(ResourceKind kind, RequestInfo request, JsonObject json)
    {
        var named = json.Text("kind");
        if (json.Text("apiVersion") is var version && (version != kind.ApiVersion || named != kind.Kind))
        {
            var shown = version.Contains('/', StringComparison.Ordinal) ? version : $"/{version}";
            return Statuses.BadRequest($"invalid object type: {shown}, Kind={named}");
        }

        if (json.Meta()["managedFields"] is not null)
            return Statuses.BadRequest("metadata.managedFields must be nil");
        json.DropNulls();
        if (MicroTime.Normalise(json, kind.Strategy.MicroTimes) is { } timeFault)
            return Statuses.BadRequest($"failed to create typed patch object: {timeFault}");
        var schema = Schema.Prune((JsonObject)json.DeepClone(), kind.Model);
        if (schema.Unknown.Count > 0)
        {
            return Statuses.Failure(
                500,
                null,
                $"failed to create typed patch object ({json["metadata"].Text("namespace")}/{request.Name}; {kind.ApiVersion}, Kind={kind.Kind}): "
                + $".{schema.Unknown[0]}: field not declared in schema");
        }

        if (schema.TypeFault is not null)
            return Statuses.Failure(500, null, $"failed to create typed patch object: {schema.TypeFault}");
        return BodyReader.CheckPath(kind, request, json);
    }

    private ApiResponse Create(ResourceKind kind, RequestInfo request, JsonObject json, EffectLog effects)
    {
        var metadata = json.Meta();
        if (metadata.Text("uid") is { Length: > 0 } uid)
        {
            return Statuses.Failure(
                409,
                "Conflict",
                $"Operation cannot be fulfilled on {kind.QualifiedPlural} \"{request.Name}\": uid mismatch: the provided object specified uid {uid}, "
                + "and no existing object was found",
                Statuses.Details(kind, request.Name));
        }

        if (access.CheckCreate(request) is { } refused)
            return refused;
        // A version of an object that is not there is of no account here.
        metadata.Remove("resourceVersion");
        metadata["name"] = request.Name;
        var applied = FieldLeaves.Of(json, kind.IsCustom);
        var answer = creating.Create(kind, request, new BodyReader.Result(json, null, []), effects);
        if (answer.Status == 201 && !request.IsDryRun && store.Find(kind, request.NamespaceOf(kind), request.Name!) is { } stored)
        {
            owners.Forget(stored.Uid);
            owners.Applied(stored.Uid, kind, request.Manager, applied, []);
        }

        return answer;
    }

    private ApiResponse Update(ResourceKind kind, RequestInfo request, JsonObject json, StoredObject found, EffectLog effects)
    {
        var next = found.ToJson();
        var applied = FieldLeaves.Of(json, kind.IsCustom);
        var live = FieldLeaves.Of(next, kind.IsCustom);
        var conflicts = owners.Conflicts(found.Uid, request.Manager, applied, live);
        if (conflicts.Count > 0 && !IsForced(request))
            return Refuse(conflicts);
        foreach (var field in owners.LeftOut(found.Uid, request.Manager, applied))
        {
            if (live.TryGetValue(field, out var leaf))
                FieldLeaves.Remove(next, leaf);
        }

        foreach (var leaf in applied.Values)
            FieldLeaves.Set(next, leaf);
        var metadata = next.Meta();
        metadata.Remove("resourceVersion");
        foreach (var name in new[] { "resourceVersion", "uid" })
        {
            if (json.Meta().Text(name) is { Length: > 0 } wanted)
                metadata[name] = wanted;
        }

        var anew = conflicts.Count > 0 || owners.WouldChange(found.Uid, request.Manager, applied);
        var answer = updating.Store(kind, request, effects, found, next, applies: true, anew);
        if (answer.Status == 200 && !request.IsDryRun)
            owners.Applied(found.Uid, kind, request.Manager, applied, conflicts);
        return answer;
    }

    /// <summary>Any value but <c>false</c> and <c>0</c> counts as yes.</summary>
    private static bool IsForced(RequestInfo request) => request.Has("force") && request.Option("force") is not ("false" or "0");

    private static ApiResponse Refuse(IReadOnlyList<FieldOwners.Conflict> conflicts)
    {
        var text = conflicts.Count == 1
            ? $"1 conflict: conflict with {conflicts[0].Manager.Shown}: {conflicts[0].Field}"
            : $"{conflicts.Count} conflicts: " + string.Join('\n', conflicts
                .GroupBy(c => c.Manager.Shown, StringComparer.Ordinal)
                .Select(g => $"conflicts with {g.Key}:\n" + string.Join('\n', g.Select(c => $"- {c.Field}"))));
        var causes = new JsonArray([.. conflicts.Select(c => (JsonNode)new JsonObject
        {
            ["reason"] = "FieldManagerConflict",
            ["message"] = $"conflict with {c.Manager.Shown}",
            ["field"] = c.Field,
        })]);
        return Statuses.Failure(409, "Conflict", $"Apply failed with {text}", new JsonObject { ["causes"] = causes });
    }
}
