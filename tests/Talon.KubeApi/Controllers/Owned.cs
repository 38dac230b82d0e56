using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kinds;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>What controllers of workloads share: finding, making and counting what an object owns. Used under the gate of the store.</summary>
internal sealed class Owned(ObjectStore store, CreateHandler creating)
{
    public IReadOnlyList<StoredObject> Of(ResourceKind kind, StoredObject owner) =>
        [.. store.DependentsOf(owner.Uid).Where(o => o.Kind == kind && o.Namespace == owner.Namespace)];

    /// <summary>The owner as it is now; null when it has gone, or another has its name.</summary>
    public StoredObject? Current(ResourceKind kind, string? ns, string uid) =>
        store.FindByUid(uid) is { } found && found.Kind == kind && found.Namespace == ns ? found : null;

    /// <summary>True while new objects may be made for this owner.</summary>
    public bool MayMake(StoredObject owner) =>
        !owner.IsTerminating && store.Find(ResourceKinds.Namespaces, null, owner.Namespace!) is { IsTerminating: false };

    /// <summary>True for a pod that counts: not on its way out and not ended.</summary>
    public static bool IsActive(StoredObject pod) => !pod.IsTerminating && pod.Fields["status.phase"] is not ("Succeeded" or "Failed");

    public static bool IsReady(StoredObject pod) => PodStrategy.IsReady(pod.ToJson());

    /// <summary>A pod as the template of the owner says, not stored yet; without a name it gets a generated one.</summary>
    public JsonObject Pod(StoredObject owner, string? name = null)
    {
        var template = (JsonObject)(owner.ToJson()["spec"]?["template"]?.DeepClone() ?? new JsonObject());
        var pod = new JsonObject
        {
            ["metadata"] = template["metadata"]?.DeepClone() ?? new JsonObject(),
            ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject(),
        };
        var metadata = pod.Meta();
        metadata["name"] = name;
        metadata["generateName"] = $"{owner.Name}-";
        metadata["namespace"] = owner.Namespace;
        metadata["ownerReferences"] = new JsonArray(Reference(owner));
        creating.Prepare(ResourceKinds.Pods, pod);
        return pod;
    }

    /// <summary>Writes a status if it differs.</summary>
    public void PutStatus(StoredObject owner, JsonObject status)
    {
        var json = owner.ToJson();
        if (JsonNode.DeepEquals(json["status"], status))
            return;
        json["status"] = status;
        store.Put(owner.Kind, json);
    }

    /// <summary>Adds a count to a status; the real server leaves zeros out.</summary>
    public static void Count(JsonObject status, string name, int count)
    {
        if (count > 0)
            status[name] = count;
    }

    public static JsonObject Reference(StoredObject owner) => new()
    {
        ["apiVersion"] = owner.Kind.ApiVersion,
        ["kind"] = owner.Kind.Kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
