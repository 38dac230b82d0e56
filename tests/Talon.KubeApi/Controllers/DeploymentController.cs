using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>
/// Gives each template of a deployment its replica set and scales the others down, all within the same change: no rollout in steps.
/// </summary>
internal sealed class DeploymentController(ObjectStore store, CreateHandler creating, Owned owned)
{
    private const string Revision = "deployment.kubernetes.io/revision";

    private const string HashLabel = "pod-template-hash";

    /// <summary>The letters of generated names.</summary>
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public void OnChange(StoredObject? old, StoredObject? now)
    {
        var changed = now ?? old!;
        if (now?.Kind == ResourceKinds.Deployments)
        {
            Reconcile(now.Namespace, now.Uid);
        }
        else if (changed.Kind == ResourceKinds.ReplicaSets)
        {
            foreach (var owner in changed.Owners)
                Reconcile(changed.Namespace, owner);
        }
    }

    private void Reconcile(string? ns, string uid)
    {
        if (owned.Current(ResourceKinds.Deployments, ns, uid) is not { } deployment)
            return;
        var json = deployment.ToJson();
        var hash = Hash(json["spec"]?["template"]);
        if (owned.MayMake(deployment))
            Scale(deployment, json, hash);
        if (owned.Current(ResourceKinds.Deployments, ns, uid) is { } latest)
            Follow(latest, hash);
    }

    private void Follow(StoredObject deployment, string hash)
    {
        var json = deployment.ToJson();
        var current = owned.Of(ResourceKinds.ReplicaSets, deployment).FirstOrDefault(s => s.Labels.GetValueOrDefault(HashLabel) == hash);
        if (current is not null)
            json.Meta().Map("annotations")[Revision] = RevisionOf(current).ToString(CultureInfo.InvariantCulture);
        json["status"] = Status(deployment, hash);
        json.TidyMetadata();
        if (!JsonNode.DeepEquals(json, deployment.ToJson()))
            store.Put(ResourceKinds.Deployments, json);
    }

    private static int RevisionOf(StoredObject set) =>
        int.TryParse(set.ToJson().Meta()["annotations"].Text(Revision), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    private void Scale(StoredObject deployment, JsonObject json, string hash)
    {
        var wanted = json["spec"].Number("replicas") ?? 1;
        var sets = owned.Of(ResourceKinds.ReplicaSets, deployment);
        var current = sets.FirstOrDefault(s => s.Labels.GetValueOrDefault(HashLabel) == hash);
        if (current is null)
            store.Put(ResourceKinds.ReplicaSets, NewSet(deployment, json, hash, wanted, sets.Select(RevisionOf).DefaultIfEmpty(0).Max() + 1));
        foreach (var set in sets)
        {
            var replicas = set == current ? wanted : 0;
            var changed = store.Find(ResourceKinds.ReplicaSets, set.Namespace, set.Name)?.ToJson();
            if (changed is null || set.IsTerminating || changed["spec"].Number("replicas") == replicas)
                continue;
            changed.Map("spec")["replicas"] = replicas;
            changed.Meta()["generation"] = (changed.Meta().Number("generation") ?? 0) + 1;
            store.Put(ResourceKinds.ReplicaSets, changed);
        }
    }

    private JsonObject NewSet(StoredObject deployment, JsonObject json, string hash, long replicas, int revision)
    {
        var template = json["spec"]?["template"]?.DeepClone() as JsonObject ?? [];
        template.Meta().Map("labels")[HashLabel] = hash;
        var selector = (JsonObject)json["spec"]!["selector"]!.DeepClone();
        selector.Map("matchLabels")[HashLabel] = hash;
        var set = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name}-{hash}",
                ["namespace"] = deployment.Namespace,
                ["labels"] = template["metadata"]!["labels"]!.DeepClone(),
                ["annotations"] = new JsonObject { [Revision] = revision.ToString(CultureInfo.InvariantCulture) },
                ["ownerReferences"] = new JsonArray(Owned.Reference(deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template },
        };
        creating.Prepare(ResourceKinds.ReplicaSets, set);
        return set;
    }

    private JsonObject Status(StoredObject deployment, string hash)
    {
        var sets = owned.Of(ResourceKinds.ReplicaSets, deployment);
        int Sum(string name, IEnumerable<StoredObject> of) => (int)of.Sum(s => s.ToJson()["status"].Number(name) ?? 0);
        var status = new JsonObject { ["observedGeneration"] = deployment.ToJson().Meta().Number("generation") ?? 1 };
        Owned.Count(status, "replicas", Sum("replicas", sets));
        Owned.Count(status, "updatedReplicas", Sum("replicas", sets.Where(s => s.Labels.GetValueOrDefault(HashLabel) == hash)));
        Owned.Count(status, "readyReplicas", Sum("readyReplicas", sets));
        Owned.Count(status, "availableReplicas", Sum("availableReplicas", sets));
        return status;
    }

    private static string Hash(JsonNode? template) =>
        string.Concat(SHA256.HashData((template ?? new JsonObject()).Utf8()).Take(10).Select(b => Letters[b % Letters.Length]));
}
