using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Access;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kubelet;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>PATCH and PUT of an object or of its status.</summary>
internal sealed class UpdateHandler(ObjectStore store, CreateHandler creating, AccessControl access)
{
    public ApiResponse Patch(ResourceKind kind, RequestInfo request, EffectLog effects)
    {
        var type = request.ContentType.Split(';')[0].Trim();
        if (type is PatchApplier.Operations or PatchApplier.Apply)
            return Statuses.PatchTypeNotBuilt(type);
        if (type is not (PatchApplier.Merge or PatchApplier.Strategic))
            return Statuses.UnknownPatchType();
        if (kind.IsCustom && type == PatchApplier.Strategic)
            return Statuses.UnknownCustomPatchType();
        if (WriteOptions.Check(request, "PatchOptions") is { } optionFault)
            return optionFault;
        lock (store.Gate)
        {
            if (store.Find(kind, request.NamespaceOf(kind), request.Name!) is not { } found)
                return Statuses.NotFound(kind, request.Name!);
            var next = found.ToJson();
            if (PatchApplier.TryApply(next, type, request.Body ?? "", out var duplicates) is { } patchFault)
                return patchFault;
            if (BodyReader.KindFault(kind, next) is { } kindFault)
                return Statuses.InvalidPatch(next.Compact(), kindFault.Why);
            var patched = type == PatchApplier.Strategic ? PatchApplier.GoMap(GoJson.Parse(request.Body ?? "").Node) : next.Compact();
            var schema = Schema.Prune(next, kind.Model);
            if ((schema.TypeFault ?? MicroTime.Normalise(next, kind.Strategy.MicroTimes)) is { } typeFault)
                return Statuses.InvalidPatch(patched, typeFault);
            if (WriteOptions.IsStrict(request) && WriteOptions.Faults(duplicates, schema.Unknown).ToList() is { Count: > 0 } faults)
                return Statuses.InvalidPatch(patched, $"strict decoding error: {string.Join(", ", faults)}");
            return Store(kind, request, effects, found, next).Warn(WriteOptions.Warnings(request, duplicates, schema.Unknown));
        }
    }

    public ApiResponse Put(ResourceKind kind, RequestInfo request, EffectLog effects)
    {
        if (WriteOptions.Check(request, "UpdateOptions") is { } optionFault)
            return optionFault;
        var read = BodyReader.Read(kind, request);
        if (read.Fault is not null)
            return read.Fault;
        lock (store.Gate)
        {
            if (BodyReader.CheckPath(kind, request, read.Json!) is { } pathFault)
                return pathFault;
            if (store.Find(kind, request.NamespaceOf(kind), request.Name!) is not { } found)
                return kind.Strategy.CreatesOnUpdate ? CreateInstead(kind, request, read, effects) : Statuses.NotFound(kind, request.Name!);
            var uid = read.Json!.Meta().Text("uid");
            if (uid.Length > 0 && uid != found.Uid)
                return WrongUid(kind, found.Namespace, found.Name, found.Uid, uid);
            if (kind.Strategy.NeedsVersion && read.Json!.Meta().Text("resourceVersion").Length == 0)
            {
                var faults = new FieldErrors();
                faults.Invalid("metadata.resourceVersion", 0, "must be specified for an update");
                return Statuses.Invalid(kind, found.Name, faults, kind.Plural);
            }

            return Store(kind, request, effects, found, read.Json!).Warn(read.Warnings);
        }
    }

    private ApiResponse CreateInstead(ResourceKind kind, RequestInfo request, BodyReader.Result read, EffectLog effects)
    {
        var metadata = read.Json!.Meta();
        if (metadata.Text("uid") is { Length: > 0 } uid)
            return WrongUid(kind, request.Namespace, request.Name!, "", uid);
        if (access.CheckCreate(request) is { } refused)
            return refused;
        metadata["name"] = request.Name;
        metadata.Remove("resourceVersion");
        return creating.Create(kind, request, read, effects);
    }

    /// <summary>Checks the new version against the old one and keeps it if it differs. The caller holds the gate.</summary>
    private ApiResponse Store(ResourceKind kind, RequestInfo request, EffectLog effects, StoredObject found, JsonObject next)
    {
        var old = found.ToJson();
        if (BodyReader.CheckPath(kind, request, next) is { } pathFault)
            return pathFault;
        var metadata = next.Meta();
        var version = metadata.Text("resourceVersion");
        if (version.Length > 0 && !ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return Statuses.Failure(500, null, $"strconv.ParseUint: parsing \"{version}\": invalid syntax");
        if (version.Length > 0 && version != old.Meta().Text("resourceVersion"))
            return Statuses.Modified(kind, found.Name);

        next = request.Subresource switch
        {
            "status" => WithStatus(old, next),
            "ephemeralcontainers" => Keep(kind, old, EphemeralContainers.Only(old, next)),
            _ => Keep(kind, old, next),
        };
        var faults = new FieldErrors();
        MetadataRules.CheckUpdate(next, old, faults);
        MetadataRules.Check(next, faults, update: true);
        if (request.Subresource is null)
            kind.Strategy.CheckUpdate(next, old, faults);
        else if (request.Subresource == "ephemeralcontainers")
            EphemeralContainers.Check(next, old, faults);
        if (faults.Any)
            return Statuses.Invalid(kind, found.Name, faults);

        next.Meta()["resourceVersion"] = old.Meta().Text("resourceVersion");
        if (kind.Strategy.HasGeneration && !JsonNode.DeepEquals(next["spec"], old["spec"]))
            next.Meta()["generation"] = (old.Meta().Number("generation") ?? 0) + 1;
        next.TidyMetadata();
        if (JsonNode.DeepEquals(next, old) || request.IsDryRun)
        {
            effects.Unchanged(found);
            return ApiResponse.Object(200, next);
        }

        if (IsFreed(next))
        {
            effects.Changed(found);
            store.Remove(found);
            return ApiResponse.Object(200, next);
        }

        if (Statuses.TooLargeToStore(next) is { } tooLarge)
            return tooLarge;
        var stored = store.Put(kind, next);
        effects.Changed(stored);
        return new ApiResponse(200, "application/json", stored.Utf8);
    }

    /// <summary>True when the last finalizer has just been taken from an object that only waited for that.</summary>
    private static bool IsFreed(JsonObject next) =>
        next.Meta().Text("deletionTimestamp").Length > 0
        && MetadataRules.Finalizers(next).Count == 0
        && (next.Meta().Number("deletionGracePeriodSeconds") ?? 0) == 0
        && (next["spec"] as JsonObject)?["finalizers"] is null;

    /// <summary>What a client cannot change by the object itself stays as it was.</summary>
    private static JsonObject Keep(ResourceKind kind, JsonObject old, JsonObject next)
    {
        var metadata = next.Meta();
        foreach (var name in new[] { "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName" })
        {
            metadata.Remove(name);
            if (old.Meta()[name] is { } value)
                metadata[name] = value.DeepClone();
        }

        if (metadata.Text("uid").Length == 0)
            metadata["uid"] = old.Meta().Text("uid");
        metadata["name"] = old.Meta().Text("name");
        metadata.DropNulls();
        next["spec"].DropNulls();
        kind.Strategy.Default(next);
        next.Remove("status");
        if (old["status"] is { } status)
            next["status"] = status.DeepClone();
        return next;
    }

    private static JsonObject WithStatus(JsonObject old, JsonObject next)
    {
        var merged = (JsonObject)old.DeepClone();
        merged["status"] = next["status"]?.DeepClone() ?? new JsonObject();
        return merged;
    }

    private static ApiResponse WrongUid(ResourceKind kind, string? ns, string name, string uid, string wanted)
    {
        var key = kind.Namespaced ? $"{kind.Plural}/{ns}/{name}" : $"{kind.Plural}/{name}";
        return Statuses.Failure(
            409,
            "Conflict",
            $"Operation cannot be fulfilled on {kind.QualifiedPlural} \"{name}\": StorageError: invalid object, Code: 4, Key: /registry/{key}, "
            + $"ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {wanted}, UID in object meta: {uid}",
            Statuses.Details(kind, name));
    }
}
