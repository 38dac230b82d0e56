using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

internal sealed class PodStrategy : KindStrategy
{
    private const string ImmutableText =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    /// <summary>The annotation of a mirror pod.</summary>
    private const string Mirror = "kubernetes.io/config.mirror";

    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];

    private static readonly string[] Selectable =
    [
        "metadata.name", "metadata.namespace", "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
        "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
    ];

    public override bool HasGeneration => true;

    public override bool IsGraceful => true;

    public override bool CanSelect(string field) => Selectable.Contains(field, StringComparer.Ordinal);

    public override Dictionary<string, string> SelectableFields(JsonObject json)
    {
        var fields = Basic(json, withNamespace: true);
        foreach (var name in new[] { "nodeName", "restartPolicy", "schedulerName", "serviceAccountName" })
            fields[$"spec.{name}"] = json["spec"].Text(name);
        fields["spec.hostNetwork"] = json["spec"].Flag("hostNetwork") ? "true" : "false";
        foreach (var name in new[] { "phase", "podIP", "nominatedNodeName" })
            fields[$"status.{name}"] = json["status"].Text(name);
        return fields;
    }

    public override void Default(JsonObject json)
    {
        var spec = json.Map("spec");
        DefaultSpec(spec);
        spec["serviceAccountName"] ??= "default";
        spec["serviceAccount"] = spec["serviceAccountName"]!.DeepClone();
        spec["priority"] ??= 0;
        spec["enableServiceLinks"] ??= true;
        spec["preemptionPolicy"] ??= "PreemptLowerPriority";
        DefaultTolerations(spec);
    }

    /// <summary>Defaults that a pod template gets as well.</summary>
    public static void DefaultSpec(JsonObject spec)
    {
        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")).Concat(spec.Items("ephemeralContainers")))
        {
            container["resources"] ??= new JsonObject();
            container["terminationMessagePath"] ??= "/dev/termination-log";
            container["terminationMessagePolicy"] ??= "File";
            container["imagePullPolicy"] ??= IsLatest(container.Text("image")) ? "Always" : "IfNotPresent";
            foreach (var port in container.Items("ports"))
                port["protocol"] ??= "TCP";
        }

        spec["restartPolicy"] ??= "Always";
        spec["terminationGracePeriodSeconds"] ??= 30;
        if (spec.Number("terminationGracePeriodSeconds") < 0)
            spec["terminationGracePeriodSeconds"] = 1;
        spec["dnsPolicy"] ??= "ClusterFirst";
        spec["securityContext"] ??= new JsonObject();
        spec["schedulerName"] ??= "default-scheduler";
        if (!spec.Flag("hostNetwork"))
            spec.Remove("hostNetwork");
    }

    public override JsonObject InitialStatus(JsonObject json) => new() { ["phase"] = "Pending", ["qosClass"] = Qos(json) };

    public override void CheckCreate(JsonObject json, FieldErrors faults)
    {
        var containers = json["spec"].Items("containers").ToList();
        if (containers.Count == 0)
            faults.Required("spec.containers");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            var name = containers[i].Text("name");
            if (name.Length == 0)
                faults.Required($"spec.containers[{i}].name");
            else if (NameRules.DnsLabel(name) is { } fault)
                faults.Invalid($"spec.containers[{i}].name", name, fault);
            if (containers[i].Text("image").Length == 0)
                faults.Required($"spec.containers[{i}].image");
            if (name.Length > 0 && !names.Add(name))
                faults.Duplicate($"spec.containers[{i}].name", name);
        }

        if (json["spec"].Items("ephemeralContainers").Any())
            faults.Forbidden("spec.ephemeralContainers", "cannot be set on create");
        var policy = json["spec"].Text("restartPolicy");
        if (!RestartPolicies.Contains(policy, StringComparer.Ordinal))
            faults.NotSupported("spec.restartPolicy", FieldErrors.Quote(policy), RestartPolicies);
    }

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults)
    {
        if (next.Meta()["annotations"].Text(Mirror) != old.Meta()["annotations"].Text(Mirror))
            faults.Forbidden($"metadata.annotations[{Mirror}]", "may not remove or update mirror pod annotation");
        if (!JsonNode.DeepEquals(Frozen(next), Frozen(old)) || !OnlyAdded(next, old))
            faults.Forbidden("spec", ImmutableText);
    }

    /// <summary>The parts of the spec that may not change.</summary>
    private static JsonObject Frozen(JsonObject json)
    {
        var spec = (JsonObject)json.Map("spec").DeepClone();
        spec.Remove("activeDeadlineSeconds");
        spec.Remove("tolerations");
        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")))
            container.Remove("image");
        return spec;
    }

    private static bool OnlyAdded(JsonObject next, JsonObject old) =>
        old["spec"].Items("tolerations").All(o => next["spec"].Items("tolerations").Any(n => JsonNode.DeepEquals(n, o)));

    private static void DefaultTolerations(JsonObject spec)
    {
        if (spec["tolerations"] is not JsonArray tolerations)
            spec["tolerations"] = tolerations = [];
        foreach (var key in new[] { "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable" })
        {
            if (tolerations.OfType<JsonObject>().Any(t => t.Text("key") == key || t.Text("key").Length == 0))
                continue;
            tolerations.Add((JsonNode)new JsonObject
            {
                ["key"] = key,
                ["operator"] = "Exists",
                ["effect"] = "NoExecute",
                ["tolerationSeconds"] = 300,
            });
        }
    }

    private static bool IsLatest(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        return !name.Contains('@', StringComparison.Ordinal)
            && (!name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal));
    }

    private static string Qos(JsonObject json)
    {
        var resources = json["spec"].Items("containers").Select(c => c["resources"]).ToList();
        if (resources.All(r => r?["requests"] is null && r?["limits"] is null))
            return "BestEffort";
        return resources.All(r => IsGuaranteed(r as JsonObject)) ? "Guaranteed" : "Burstable";
    }

    private static bool IsGuaranteed(JsonObject? resources) =>
        resources?["limits"] is JsonObject limits && limits.ContainsKey("cpu") && limits.ContainsKey("memory")
        && (resources["requests"] is not JsonObject requests || requests.All(r => JsonNode.DeepEquals(limits[r.Key], r.Value)));

    /// <summary>The grace of a DELETE that names none.</summary>
    public static long GraceOf(JsonObject json) =>
        json["spec"].Number("terminationGracePeriodSeconds") ?? 30;

    /// <summary>True for a pod whose containers run nowhere: it is removed without grace.</summary>
    public static bool IsNotRunning(JsonObject json) =>
        json["spec"].Text("nodeName").Length == 0 || json["status"].Text("phase") is "Succeeded" or "Failed";

    /// <summary>True for the mirror of a static pod.</summary>
    public static bool IsMirror(JsonObject json) => json["metadata"]?["annotations"].Text(Mirror).Length > 0;

    /// <summary>True when the Ready condition of the pod holds.</summary>
    public static bool IsReady(JsonObject json) =>
        json["status"].Items("conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True");

    /// <summary>An address in the pod range for the n-th pod of a server.</summary>
    public static string Address(int n) => string.Create(CultureInfo.InvariantCulture, $"10.244.{n / 250 % 250}.{(n % 250) + 2}");
}
