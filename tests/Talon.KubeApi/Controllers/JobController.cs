using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kinds;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Controllers;

/// <summary>Gives jobs their pods, counts how these end, and ends the job: Complete, Failed, or past its deadline.</summary>
internal sealed class JobController(ObjectStore store, Waiting waiting, Timers timers, DeleteHandler deleting, Owned owned)
{
    private const string Tracking = "batch.kubernetes.io/job-tracking";

    private static readonly TimeSpan Reaction = TimeSpan.FromMilliseconds(100);

    /// <summary>A real controller waits that long before it replaces a failed pod, and twice as long each time after.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    public void OnChange(StoredObject? old, StoredObject? now)
    {
        var changed = now ?? old!;
        if (changed.Kind == ResourceKinds.Jobs && now is not null)
        {
            if (old is null)
                Created(now);
            else if (!JsonNode.DeepEquals(now.ToJson()["spec"], old.ToJson()["spec"]))
                Later(now.Namespace!, now.Uid);
        }
        else if (changed.Kind == ResourceKinds.Pods && OwnerOf(changed) is { } owner)
        {
            if (now is { IsTerminating: true })
                timers.After(waiting.Scaled(Reaction), () => LetGo(now));
            Later(changed.Namespace!, owner);
        }
    }

    private void Created(StoredObject job)
    {
        Later(job.Namespace!, job.Uid);
        if (job.ToJson()["spec"].Number("activeDeadlineSeconds") is { } seconds)
            timers.After(waiting.Scaled(TimeSpan.FromSeconds(seconds) + Reaction), () => Run(job.Namespace!, job.Uid, PastDeadline));
    }

    private void Later(string ns, string uid) => timers.After(waiting.Scaled(Reaction), () => Run(ns, uid, Sync));

    private void Run(string ns, string uid, Action<StoredObject> step)
    {
        lock (store.Gate)
        {
            if (owned.Current(ResourceKinds.Jobs, ns, uid) is { IsTerminating: false } job)
                step(job);
        }
    }

    private void Sync(StoredObject job)
    {
        var json = job.ToJson();
        var pods = owned.Of(ResourceKinds.Pods, job);
        var succeeded = pods.Count(p => p.Fields["status.phase"] == "Succeeded");
        var gone = pods.Where(p => p.IsTerminating && p.Fields["status.phase"] != "Succeeded").ToList();
        var failed = pods.Count(p => p.Fields["status.phase"] == "Failed") + gone.Count(p => p.Fields["status.phase"] != "Failed");
        var active = pods.Where(p => !p.IsTerminating && p.Fields["status.phase"] is not ("Succeeded" or "Failed")).ToList();
        var before = json["status"]!.DeepClone();
        Count(json, active, pods.Count(p => p.IsTerminating), succeeded, failed);
        var ended = HasCondition(json, "Complete") || HasCondition(json, "Failed");
        if (!ended && HasCondition(json, "FailureTarget"))
        {
            if (!pods.Any(p => p.IsTerminating))
                End(json, "Failed", (string)Condition(json, "FailureTarget")!["reason"]!, (string)Condition(json, "FailureTarget")!["message"]!);
        }
        else if (!ended && succeeded >= (json["spec"].Number("completions") ?? 1))
        {
            End(json, "Complete", "CompletionsReached", "Reached expected number of succeeded pods");
        }
        else if (!ended && failed > (json["spec"].Number("backoffLimit") ?? 6))
        {
            End(json, "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }
        else if (!ended && active.Count == 0 && !json["spec"].Flag("suspend"))
        {
            AddPod(job, failed);
            json["status"]!["active"] = failed == 0 ? 1 : json["status"]!["active"]?.DeepClone();
            json["status"].DropNulls();
        }

        if (!JsonNode.DeepEquals(before, json["status"]))
            store.Put(ResourceKinds.Jobs, json);
        foreach (var pod in pods.Where(p => p.Fields["status.phase"] is "Succeeded" or "Failed"))
            LetGo(pod);
        if (!ended && (HasCondition(json, "Complete") || HasCondition(json, "Failed")))
            Ended(job, active);
    }

    private void Ended(StoredObject job, List<StoredObject> active)
    {
        foreach (var pod in active)
            deleting.DeleteInternally(pod);
        if (job.ToJson()["spec"].Number("ttlSecondsAfterFinished") is { } seconds)
            timers.After(waiting.Scaled(TimeSpan.FromSeconds(seconds)), () => Run(job.Namespace!, job.Uid, j => deleting.DeleteInternally(j)));
    }

    private void PastDeadline(StoredObject job)
    {
        var json = job.ToJson();
        if (HasCondition(json, "Complete") || HasCondition(json, "Failed") || HasCondition(json, "FailureTarget"))
            return;
        Add(json, "FailureTarget", "DeadlineExceeded", "Job was active longer than specified deadline");
        store.Put(ResourceKinds.Jobs, json);
        foreach (var pod in owned.Of(ResourceKinds.Pods, job))
            deleting.DeleteInternally(pod);
        Later(job.Namespace!, job.Uid);
    }

    private void Count(JsonObject job, List<StoredObject> active, int terminating, int succeeded, int failed)
    {
        var status = job.Map("status");
        status["startTime"] ??= waiting.Now.Rfc3339();
        SetOrRemove(status, "active", active.Count);
        status["terminating"] = terminating;
        status["uncountedTerminatedPods"] = new JsonObject();
        status["ready"] = active.Count(p => PodStrategy.IsReady(p.ToJson()));
        SetOrRemove(status, "succeeded", succeeded);
        SetOrRemove(status, "failed", Math.Max(failed, status.Number("failed") ?? 0));
    }

    private static void SetOrRemove(JsonObject status, string name, long value)
    {
        status.Remove(name);
        if (value > 0)
            status[name] = value;
    }

    private void End(JsonObject job, string type, string reason, string message)
    {
        var first = type == "Complete" ? "SuccessCriteriaMet" : "FailureTarget";
        if (!HasCondition(job, first))
            Add(job, first, reason, message);
        Add(job, type, reason, message);
        if (type == "Complete")
            job.Map("status")["completionTime"] = waiting.Now.Rfc3339();
        job.Map("status").Remove("active");
        job.Map("status")["ready"] = 0;
    }

    private void Add(JsonObject job, string type, string reason, string message)
    {
        var status = job.Map("status");
        if (status["conditions"] is not JsonArray conditions)
            status["conditions"] = conditions = [];
        var now = waiting.Now.Rfc3339();
        conditions.Add((JsonNode)new JsonObject
        {
            ["type"] = type,
            ["status"] = "True",
            ["lastProbeTime"] = now,
            ["lastTransitionTime"] = now,
            ["reason"] = reason,
            ["message"] = message,
        });
    }

    private void AddPod(StoredObject job, int failed)
    {
        if (failed == 0)
            Make(job);
        else
            timers.After(waiting.Scaled(Retry * Math.Pow(2, failed - 1)), () => Run(job.Namespace!, job.Uid, Replace));
    }

    private void Replace(StoredObject job)
    {
        var json = job.ToJson();
        var running = owned.Of(ResourceKinds.Pods, job).Any(p => p.Fields["status.phase"] is "Pending" or "Running");
        if (!running && !HasCondition(json, "Complete") && !HasCondition(json, "FailureTarget"))
            Make(job);
    }

    private void Make(StoredObject job)
    {
        if (!owned.MayMake(job))
            return;
        var pod = owned.Pod(job);
        pod.Meta()["finalizers"] = new JsonArray(Tracking);
        store.Put(ResourceKinds.Pods, pod);
    }

    /// <summary>Takes the finalizer off a pod that is counted, and removes the pod when it only waited for that.</summary>
    private void LetGo(StoredObject pod)
    {
        lock (store.Gate)
        {
            if (store.Find(ResourceKinds.Pods, pod.Namespace, pod.Name) is not { } found || found.Uid != pod.Uid)
                return;
            var json = found.ToJson();
            var left = MetadataRules.Finalizers(json).Where(f => f != Tracking).ToList();
            if (left.Count == MetadataRules.Finalizers(json).Count)
                return;
            json.Meta()["finalizers"] = new JsonArray([.. left.Select(f => (JsonNode)f)]);
            var stored = store.Put(ResourceKinds.Pods, json);
            if (stored.IsTerminating && left.Count == 0 && (json.Meta().Number("deletionGracePeriodSeconds") ?? 0) == 0)
                store.Remove(stored);
        }
    }

    private static JsonObject? Condition(JsonObject job, string type) => job["status"].Items("conditions").FirstOrDefault(c => c.Text("type") == type);

    private static bool HasCondition(JsonObject job, string type) => Condition(job, type) is not null;

    private static string? OwnerOf(StoredObject pod) =>
        pod.Kind == ResourceKinds.Pods && pod.Owners.Count > 0
            ? pod.ToJson().Meta().Items("ownerReferences").FirstOrDefault(o => o.Text("kind") == "Job").Text("uid") is { Length: > 0 } uid ? uid : null
            : null;
}
