using System.Text.Json.Nodes;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kinds;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>POST to a collection.</summary>
internal sealed class CreateHandler(ObjectStore store, Identities identities, Waiting waiting)
{
    /// <summary>A generated name is cut so that it stays within 63 characters with its five random ones.</summary>
    private const int GenerateNameLimit = 58;

    public ApiResponse Create(ResourceKind kind, RequestInfo request, EffectLog effects)
    {
        if (WriteOptions.Check(request, "CreateOptions") is { } optionFault)
            return optionFault;
        var read = BodyReader.Read(kind, request);
        return read.Fault ?? Create(kind, request, read, effects);
    }

    /// <summary>Goes on with a body that has been read.</summary>
    public ApiResponse Create(ResourceKind kind, RequestInfo request, BodyReader.Result read, EffectLog effects)
    {
        var json = read.Json!;
        if (BodyReader.CheckPath(kind, request, json) is { } pathFault)
            return pathFault;
        lock (store.Gate)
        {
            if (Admit(kind, request, json) is { } refused)
                return refused;
            if (json.Meta().Text("resourceVersion").Length > 0)
                return Statuses.Failure(500, null, "resourceVersion should not be set on objects to be created");
            Prepare(kind, json);
            var faults = Check(kind, json);
            var name = json.Meta().Text("name");
            if (faults.Any)
                return Statuses.Invalid(kind, name, faults);
            if (store.Find(kind, request.NamespaceOf(kind), name) is not null)
                return Statuses.AlreadyExists(kind, name);
            if (request.IsDryRun)
            {
                json.TidyMetadata();
                return ApiResponse.Object(201, json).Warn(read.Warnings);
            }

            if (Statuses.TooLargeToStore(json) is { } tooLarge)
                return tooLarge;
            var stored = store.Put(kind, json);
            effects.Changed(stored);
            return new ApiResponse(201, "application/json", stored.Utf8).Warn(read.Warnings);
        }
    }

    /// <summary>Gives a new object what the server owns. Also used for objects that this program makes itself.</summary>
    public void Prepare(ResourceKind kind, JsonObject json)
    {
        var metadata = json.Meta();
        var prefix = metadata.Text("generateName");
        if (metadata.Text("name").Length == 0 && prefix.Length > 0)
            metadata["name"] = (prefix.Length > GenerateNameLimit ? prefix[..GenerateNameLimit] : prefix) + identities.Suffix();
        metadata["uid"] = identities.Uid();
        metadata["creationTimestamp"] = waiting.Now.Rfc3339();
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("resourceVersion");
        if (kind.Strategy.HasGeneration)
            metadata["generation"] = 1;
        kind.Strategy.Default(json);
        json.Remove("status");
        if (kind.Strategy.HasStatus)
            json["status"] = kind.Strategy.InitialStatus(json);
    }

    private static FieldErrors Check(ResourceKind kind, JsonObject json)
    {
        var faults = new FieldErrors();
        var metadata = json.Meta();
        var name = metadata.Text("name");
        if (name.Length == 0)
            faults.Required("metadata.name", "name or generateName is required");
        if (metadata.Text("generateName") is { Length: > 0 } prefix && kind.Strategy.NameFault(prefix.TrimEnd('-')) is { } prefixFault)
            faults.Invalid("metadata.generateName", prefix, prefixFault);
        if (name.Length > 0 && kind.Strategy.NameFault(name) is { } nameFault)
            faults.Invalid("metadata.name", name, nameFault);
        MetadataRules.Check(json, faults, update: false);
        kind.Strategy.CheckCreate(json, faults);
        return faults;
    }

    private ApiResponse? Admit(ResourceKind kind, RequestInfo request, JsonObject json)
    {
        if (!kind.Namespaced)
            return null;
        var name = json.Meta().Text("name");
        if (store.Find(ResourceKinds.Namespaces, null, request.Namespace!) is not { } ns)
            return Statuses.NotFound(ResourceKinds.Namespaces, request.Namespace!);
        if (ns.IsTerminating)
        {
            var details = Statuses.Details(kind, name);
            details["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {ns.Name} is being terminated",
                ["field"] = "metadata.namespace",
            });
            return Forbidden(kind, name, $"unable to create new content in namespace {ns.Name} because it is being terminated", details);
        }

        var account = json["spec"].Text("serviceAccountName");
        return kind.Strategy is PodStrategy && account is not ("" or "default")
            && store.Find(ResourceKinds.ServiceAccounts, ns.Name, account) is null
            ? Forbidden(kind, name, $"error looking up service account {ns.Name}/{account}: serviceaccount \"{account}\" not found", Statuses.Details(kind, name))
            : null;
    }

    private static ApiResponse Forbidden(ResourceKind kind, string name, string why, JsonObject details) =>
        Statuses.Failure(403, "Forbidden", $"{kind.QualifiedPlural} \"{name}\" is forbidden: {why}", details);
}
