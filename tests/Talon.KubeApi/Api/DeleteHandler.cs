using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kinds;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>DELETE of one object and of a collection.</summary>
internal sealed class DeleteHandler(ObjectStore store, Waiting waiting)
{
    private const string OrphansPods =
        "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set "
        + "propagationPolicy=Orphan to suppress this warning";

    private static readonly string[] Immortal = ["default", "kube-system", "kube-public"];

    public ApiResponse Delete(ResourceKind kind, RequestInfo request, EffectLog effects)
    {
        if (DeleteOptions.Parse(request, out var fault) is not { } options)
            return fault!;
        lock (store.Gate)
        {
            if (kind == ResourceKinds.Namespaces && Immortal.Contains(request.Name!, StringComparer.Ordinal))
            {
                return Statuses.Failure(
                    403, "Forbidden", $"namespaces \"{request.Name}\" is forbidden: this namespace may not be deleted", Statuses.Details(kind, request.Name));
            }

            if (store.Find(kind, request.NamespaceOf(kind), request.Name!) is not { } found)
                return Statuses.NotFound(kind, request.Name!);
            return CheckPreconditions(kind, found, options) ?? Run(kind, found, options, effects);
        }
    }

    public ApiResponse DeleteCollection(ResourceKind kind, RequestInfo request, EffectLog effects)
    {
        if (DeleteOptions.Parse(request, out var fault) is not { } options)
            return fault!;
        if (ReadHandler.Selectors(kind, request, out var labels, out var fields) is { } selectorFault)
            return selectorFault;
        lock (store.Gate)
        {
            var snapshot = store.Latest(kind);
            var matches = ReadHandler.Match(kind, request, snapshot, labels, fields);
            foreach (var found in matches)
            {
                if (CheckPreconditions(kind, found, options) is { } refused)
                    return refused;
                Run(kind, found, options, effects);
            }

            var metadata = new JsonObject { ["resourceVersion"] = snapshot.Version.ToString(CultureInfo.InvariantCulture) };
            return ReadHandler.Render(kind, metadata, matches);
        }
    }

    /// <summary>Deletes on behalf of the server itself: no client, no effect. The caller holds the gate.</summary>
    public void DeleteInternally(StoredObject found, long? grace = null, string propagation = "Background")
    {
        if (!found.IsTerminating || grace == 0)
            Run(found.Kind, found, new DeleteOptions { Grace = grace, Propagation = propagation }, null);
    }

    /// <summary>Deletes an evicted pod. The caller holds the gate.</summary>
    public void Evict(StoredObject pod, DeleteOptions options, EffectLog effects) => Run(pod.Kind, pod, options, effects);

    private ApiResponse Run(ResourceKind kind, StoredObject found, DeleteOptions options, EffectLog? effects)
    {
        if (kind == ResourceKinds.Jobs && options.Propagation is null)
            return AtOnce(kind, found, options with { Propagation = "Orphan" }, effects).Warn([OrphansPods]);
        if (kind.Strategy.IsGraceful)
            return Gracefully(kind, found, options, effects);
        return kind == ResourceKinds.Namespaces ? Namespace(kind, found, options, effects) : AtOnce(kind, found, options, effects);
    }

    private ApiResponse Gracefully(ResourceKind kind, StoredObject found, DeleteOptions options, EffectLog? effects)
    {
        var json = found.ToJson();
        var metadata = json.Meta();
        var current = metadata.Number("deletionGracePeriodSeconds") ?? 0;
        var grace = options.Grace ?? (found.IsTerminating ? current : PodStrategy.GraceOf(json));
        if (!found.IsTerminating && PodStrategy.IsNotRunning(json))
            grace = 0;
        if (grace < 0)
            grace = 1;
        var held = MetadataRules.Finalizers(json).Count > 0;
        if (found.IsTerminating && (grace > current || (grace == current && (grace > 0 || held))))
        {
            effects?.Unchanged(found);
            return new ApiResponse(200, "application/json", found.Utf8);
        }

        if (found.IsTerminating)
        {
            var started = DateTimeOffset.Parse(metadata.Text("deletionTimestamp"), CultureInfo.InvariantCulture) - TimeSpan.FromSeconds(current);
            metadata["deletionTimestamp"] = (grace == 0 ? waiting.Now : started + TimeSpan.FromSeconds(grace)).Rfc3339();
        }
        else
        {
            metadata["deletionTimestamp"] = (waiting.Now + TimeSpan.FromSeconds(grace)).Rfc3339();
            metadata["generation"] = (metadata.Number("generation") ?? 0) + 1;
        }

        metadata["deletionGracePeriodSeconds"] = grace;
        json.TidyMetadata();
        if (options.DryRun)
        {
            effects?.Unchanged(found);
            return ApiResponse.Object(200, json);
        }

        var stored = store.Put(kind, json);
        effects?.Changed(stored);
        if (grace == 0 && !held && store.Find(kind, stored.Namespace, stored.Name)?.Uid == stored.Uid)
            store.Remove(stored);
        return new ApiResponse(200, "application/json", stored.Utf8);
    }

    private ApiResponse Namespace(ResourceKind kind, StoredObject found, DeleteOptions options, EffectLog? effects)
    {
        if (found.IsTerminating)
        {
            effects?.Unchanged(found);
            return new ApiResponse(200, "application/json", found.Utf8);
        }

        var json = found.ToJson();
        json.Meta()["deletionTimestamp"] = waiting.Now.Rfc3339();
        json.Map("status")["phase"] = "Terminating";
        json.TidyMetadata();
        if (options.DryRun)
        {
            effects?.Unchanged(found);
            return ApiResponse.Object(200, json);
        }

        var stored = store.Put(kind, json);
        effects?.Changed(stored);
        return new ApiResponse(200, "application/json", stored.Utf8);
    }

    private ApiResponse AtOnce(ResourceKind kind, StoredObject found, DeleteOptions options, EffectLog? effects)
    {
        var json = found.ToJson();
        var finalizers = MetadataRules.Finalizers(json).ToList();
        var extra = options.Propagation switch { "Foreground" => "foregroundDeletion", "Orphan" => "orphan", _ => null };
        if (extra is not null && !finalizers.Contains(extra, StringComparer.Ordinal))
            finalizers.Add(extra);
        if (finalizers.Count == 0)
        {
            if (options.DryRun)
            {
                effects?.Unchanged(found);
                return Statuses.Success(kind, found.Name, found.Uid);
            }

            effects?.Changed(found);
            store.Remove(found);
            return Statuses.Success(kind, found.Name, found.Uid);
        }

        if (found.IsTerminating)
        {
            effects?.Unchanged(found);
            return new ApiResponse(200, "application/json", found.Utf8);
        }

        var metadata = json.Meta();
        metadata["finalizers"] = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]);
        metadata["deletionTimestamp"] = waiting.Now.Rfc3339();
        metadata["deletionGracePeriodSeconds"] = 0;
        if (kind.Strategy.HasGeneration)
            metadata["generation"] = (metadata.Number("generation") ?? 0) + 1;
        json.TidyMetadata();
        if (options.DryRun)
        {
            effects?.Unchanged(found);
            return ApiResponse.Object(200, json);
        }

        var stored = store.Put(kind, json);
        effects?.Changed(stored);
        return new ApiResponse(200, "application/json", stored.Utf8);
    }

    public static ApiResponse? CheckPreconditions(ResourceKind kind, StoredObject found, DeleteOptions options)
    {
        if (options.Uid is { } uid && uid != found.Uid)
        {
            return Conflict(
                kind, found, $"the UID in the precondition ({uid}) does not match the UID in record ({found.Uid}). The object might have been deleted and then recreated");
        }

        var version = found.ResourceVersion.ToString(CultureInfo.InvariantCulture);
        return options.ResourceVersion is { } wanted && wanted != version
            ? Conflict(kind, found, $"the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record ({version}). The object might have been modified")
            : null;
    }

    private static ApiResponse Conflict(ResourceKind kind, StoredObject found, string why) => Statuses.Failure(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {kind.QualifiedKind} \"{found.Name}\": {why}",
        Statuses.Details(kind, found.Name, kind.Kind));
}
