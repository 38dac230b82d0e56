using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kinds;
using Talon.KubeApi.Store;

namespace Talon.KubeApi.Api;

/// <summary>POST to <c>pods/NAME/eviction</c>: a DELETE that disruption budgets can hold back.</summary>
internal sealed class EvictionHandler(ObjectStore store, DeleteHandler deleting, Waiting waiting)
{
    /// <summary>Seconds after which to try again when the budget has not been seen by its controller.</summary>
    private const int UnseenRetry = 10;

    private static readonly string[] Versions = ["", "policy/v1", "policy/v1beta1"];

    public ApiResponse Evict(RequestInfo request, EffectLog effects)
    {
        if (request.Method != "POST")
            return Statuses.MethodNotAllowed();
        if (WriteOptions.Check(request, "CreateOptions") is { } optionFault)
            return optionFault;
        if (Read(request, out var fault) is not { } options)
            return fault!;
        lock (store.Gate)
        {
            if (store.Find(ResourceKinds.Namespaces, null, request.Namespace!) is null)
                return Statuses.NotFound(ResourceKinds.Namespaces, request.Namespace!);
            if (store.Find(ResourceKinds.Pods, request.Namespace, request.Name!) is not { } pod)
                return Statuses.NotFound(ResourceKinds.Pods, request.Name!);
            if (DeleteHandler.CheckPreconditions(ResourceKinds.Pods, pod, options) is { } conflict)
                return conflict;
            var ignored = pod.IsTerminating || pod.Fields["status.phase"] is "Pending" or "Succeeded" or "Failed";
            if (!ignored && HeldBack(pod, options) is { } held)
                return held;
            if (!options.DryRun && !pod.IsTerminating)
                pod = Mark(pod);
            deleting.Evict(pod, options, effects);
            return ApiResponse.Json(201, new JsonObject
            {
                ["kind"] = "Status",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject(),
                ["status"] = "Success",
                ["code"] = 201,
            });
        }
    }

    private static DeleteOptions? Read(RequestInfo request, out ApiResponse? fault)
    {
        fault = null;
        var type = request.ContentType.Split(';')[0].Trim();
        if (type.Length > 0 && type != "application/json")
        {
            fault = Statuses.UnknownBodyType();
            return null;
        }

        var parsed = GoJson.Parse(request.Body ?? "");
        var json = parsed.Node as JsonObject ?? [];
        var kind = json.Text("kind") is { Length: > 0 } named ? named : "Eviction";
        var version = json.Text("apiVersion");
        var refusal = $"{kind} in version \"{version}\" cannot be handled as a Eviction";
        const string Unrecognized = "the object provided is unrecognized (must be of type Eviction): couldn't get version/kind; json parse error";
        if (parsed.Error is not null)
            fault = Statuses.BadRequest($"{Unrecognized}: {parsed.Error}");
        else if (kind != "Eviction")
            fault = Statuses.BadRequest($"{refusal}: converting (v1.{kind}) to (policy.Eviction): unknown conversion");
        else if (!Versions.Contains(version, StringComparer.Ordinal))
            fault = Statuses.BadRequest($"{refusal}: no kind \"Eviction\" is registered for version \"{version}\" in scheme \"pkg/runtime/scheme.go:111\"");
        else if (json["metadata"].Text("namespace") is { Length: > 0 } ns && ns != request.Namespace)
            fault = Statuses.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        else if (json["metadata"].Text("name") != request.Name)
            fault = Statuses.BadRequest("name in URL does not match name in Eviction object");
        if (fault is not null)
            return null;
        var options = DeleteOptions.FromJson(json["deleteOptions"] as JsonObject ?? [], out fault);
        return options is null ? null : options with { DryRun = options.DryRun || request.IsDryRun };
    }

    /// <summary>Asks the budget of the pod and takes one disruption from it.</summary>
    private ApiResponse? HeldBack(StoredObject pod, DeleteOptions options)
    {
        var budgets = store.Latest(ResourceKinds.DisruptionBudgets).Objects.Values
            .Where(b => b.Namespace == pod.Namespace && BudgetStrategy.Covers(b.ToJson(), pod)).ToList();
        if (budgets.Count == 0)
            return null;
        if (budgets.Count > 1)
            return Statuses.Failure(500, null, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        var json = budgets[0].ToJson();
        var status = json.Map("status");
        var (healthy, desired) = (status.Number("currentHealthy") ?? 0, status.Number("desiredHealthy") ?? 0);
        if (!PodStrategy.IsReady(pod.ToJson()) && (json["spec"].Text("unhealthyPodEvictionPolicy") == "AlwaysAllow" || (healthy >= desired && desired > 0)))
            return null;
        var name = budgets[0].Name;
        if ((status.Number("observedGeneration") ?? 0) < (json.Meta().Number("generation") ?? 0))
            return Refuse($"The disruption budget {name} is still being processed by the server.", UnseenRetry);
        var allowed = status.Number("disruptionsAllowed") ?? 0;
        if (allowed == 0)
        {
            return Refuse(healthy <= desired
                ? string.Create(CultureInfo.InvariantCulture, $"The disruption budget {name} needs {desired} healthy pods and has {healthy} currently")
                : $"The disruption budget {name} does not allow evicting pods currently");
        }

        if (options.DryRun)
            return null;
        status["disruptionsAllowed"] = allowed - 1;
        status.Map("disruptedPods")[pod.Name] = waiting.Now.Rfc3339();
        store.Put(ResourceKinds.DisruptionBudgets, json);
        return null;
    }

    private StoredObject Mark(StoredObject pod)
    {
        var json = pod.ToJson();
        var conditions = json.Map("status").Items("conditions").Where(c => c.Text("type") != "DisruptionTarget").Select(c => c.DeepClone());
        var mark = new JsonObject
        {
            ["type"] = "DisruptionTarget",
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = waiting.Now.Rfc3339(),
            ["reason"] = "EvictionByEvictionAPI",
            ["message"] = "Eviction API: evicting",
        };
        json.Map("status")["conditions"] = new JsonArray([mark, .. conditions]);
        return store.Put(ResourceKinds.Pods, json);
    }

    private static ApiResponse Refuse(string why, int? retryAfter = null)
    {
        var details = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = why }) };
        return Statuses.Failure(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", details, retryAfter);
    }
}
