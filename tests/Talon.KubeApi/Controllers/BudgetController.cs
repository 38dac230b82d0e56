using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kinds;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>
/// Keeps the status of disruption budgets in step with their pods, within the same change; a new or changed budget only after the reaction
/// time that the options name.
/// </summary>
internal sealed class BudgetController(ObjectStore store, Waiting waiting, Timers timers, TimeSpan reaction)
{
    public void OnChange(StoredObject? old, StoredObject? now)
    {
        var changed = now ?? old!;
        if (now?.Kind == ResourceKinds.DisruptionBudgets && now.ToJson() is var json && !IsSeen(json))
        {
            if (reaction == TimeSpan.Zero)
                Follow(now);
            else
                timers.After(waiting.Scaled(reaction), () => See(now));
        }
        else if (changed.Kind == ResourceKinds.Pods)
        {
            foreach (var budget in Of(changed.Namespace!).Where(b => IsSeen(b.ToJson())).ToList())
                Follow(budget);
        }
    }

    private IEnumerable<StoredObject> Of(string ns) =>
        store.Latest(ResourceKinds.DisruptionBudgets).Objects.Values.Where(b => b.Namespace == ns);

    private static bool IsSeen(JsonObject budget) => budget["status"].Number("observedGeneration") == budget.Meta().Number("generation");

    private void See(StoredObject budget)
    {
        lock (store.Gate)
        {
            if (store.Find(ResourceKinds.DisruptionBudgets, budget.Namespace, budget.Name) is { } found && found.Uid == budget.Uid)
                Follow(found);
        }
    }

    private void Follow(StoredObject budget)
    {
        var json = budget.ToJson();
        var pods = store.Latest(ResourceKinds.Pods).Objects.Values.Where(p => p.Namespace == budget.Namespace && BudgetStrategy.Covers(json, p)).ToList();
        var disrupted = new JsonObject();
        foreach (var (name, time) in json["status"]?["disruptedPods"] as JsonObject ?? [])
        {
            // An evicted pod counts here until its deletion shows.
            if (pods.Exists(p => p.Name == name && !p.IsTerminating))
                disrupted[name] = time?.DeepClone();
        }

        var healthy = pods.Count(p => !p.IsTerminating && !disrupted.ContainsKey(p.Name) && PodStrategy.IsReady(p.ToJson()));
        var (expected, desired) = Wanted(json["spec"], pods);
        var allowed = expected <= 0 ? 0 : Math.Max(0, healthy - desired);
        var generation = json.Meta().Number("generation") ?? 1;
        var status = new JsonObject { ["observedGeneration"] = generation };
        if (disrupted.Count > 0)
            status["disruptedPods"] = disrupted;
        status["disruptionsAllowed"] = allowed;
        status["currentHealthy"] = healthy;
        status["desiredHealthy"] = desired;
        status["expectedPods"] = expected;
        status["conditions"] = new JsonArray(Condition(json, allowed, generation));
        if (JsonNode.DeepEquals(json["status"], status))
            return;
        json["status"] = status;
        store.Put(ResourceKinds.DisruptionBudgets, json);
    }

    private JsonObject Condition(JsonObject budget, int allowed, long generation)
    {
        var status = allowed > 0 ? "True" : "False";
        var before = budget["status"].Items("conditions").FirstOrDefault(c => c.Text("type") == "DisruptionAllowed");
        return new JsonObject
        {
            ["type"] = "DisruptionAllowed",
            ["status"] = status,
            ["observedGeneration"] = generation,
            ["lastTransitionTime"] = before.Text("status") == status ? before.Text("lastTransitionTime") : waiting.Now.Rfc3339(),
            ["reason"] = allowed > 0 ? "SufficientPods" : "InsufficientPods",
            ["message"] = "",
        };
    }

    /// <summary>
    /// How many pods there should be and how many of them healthy. A number in minAvailable counts the pods that are there; everything else
    /// asks their controllers, and bare pods have none.
    /// </summary>
    private (int Expected, int Desired) Wanted(JsonNode? spec, List<StoredObject> pods)
    {
        if (spec?["minAvailable"] is JsonValue min && min.TryGetValue<long>(out var number))
            return (pods.Count, (int)number);
        var expected = pods.SelectMany(p => p.Owners).Distinct(StringComparer.Ordinal).Sum(ReplicasOf);
        if (spec?["minAvailable"] is { } percent)
            return (expected, BudgetStrategy.Count(percent, expected) ?? 0);
        var unavailable = BudgetStrategy.Count(spec?["maxUnavailable"], expected) ?? 1;
        return (expected, Math.Max(0, expected - unavailable));
    }

    private int ReplicasOf(string uid)
    {
        foreach (var kind in new[] { ResourceKinds.ReplicaSets, ResourceKinds.StatefulSets })
        {
            if (store.Latest(kind).Objects.Values.FirstOrDefault(o => o.Uid == uid) is { } owner)
                return (int)(owner.ToJson()["spec"].Number("replicas") ?? 1);
        }

        return 0;
    }
}
