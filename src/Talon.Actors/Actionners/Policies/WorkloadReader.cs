using System.Collections.Immutable;
using System.Text.Json.Nodes;
using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>
/// Finds the workload of a pod by its controllers: ReplicaSet and on to its Deployment, StatefulSet, DaemonSet, Job and on to its
/// CronJob. A pod without a controller, or with one of a kind that Talon does not know, is its own workload. Only reads.
/// </summary>
internal sealed class WorkloadReader(IResources resources)
{
    private static readonly string[] Spec = ["spec"];

    private static readonly ImmutableArray<Form> Forms =
    [
        new(ResourceTypes.Deployments, Spec, null),
        new(ResourceTypes.StatefulSets, Spec, null),
        new(ResourceTypes.DaemonSets, Spec, null),
        new(ResourceTypes.ReplicaSets, Spec, ResourceTypes.Deployments),
        new(ResourceTypes.Jobs, Spec, ResourceTypes.CronJobs),
        new(ResourceTypes.CronJobs, ["spec", "jobTemplate", "spec"], null),
    ];

    /// <summary>The workload of a pod just read, whose selector selects that pod; else how the action ends.</summary>
    public async Task<(Workload? Workload, ActionOutcome? Stop)> OfPodAsync(PodTarget.Found pod, CallScope scope)
    {
        if (pod.Pod.Spec?.HostNetwork == true)
        {
            return (null, new ActionOutcome.Failed(
                FailureKind.Invalid, $"the pod {pod.Name} uses the network of its node: no network policy holds it", pod.Objects));
        }

        var labels = Labels(pod.Pod);
        var controller = pod.Pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);
        var (workload, stop) = controller is not null && FormOf(controller.ApiVersion, controller.Kind) is { } form
            ? await ClimbAsync(form, pod, controller.Name, controller.Uid, scope)
            : OfPodItself(pod.Pod, pod.Namespace, pod.Name);
        return workload is not null && !workload.Selection.Selects(labels)
            ? (null, new ActionOutcome.Failed(
                FailureKind.Invalid, $"the selector of {workload} ({workload.Selection}) does not select the pod {pod.Name}: a policy with it would not hold it", pod.Objects))
            : (workload, stop);
    }

    /// <summary>Reads a workload again; null for both when it is gone or was replaced.</summary>
    public async Task<(Workload? Workload, ActionOutcome? Stop)> ReadAsync(TargetRef reference, CallScope scope)
    {
        var type = reference.Kind == ResourceTypes.Pods.Kind ? ResourceTypes.Pods : Forms.FirstOrDefault(form => form.Type.Kind == reference.Kind)?.Type;
        if (type is null || !NamespaceName.TryCreate(reference.Namespace, out var namespaceName) || !ResourceName.TryCreate(type, reference.Name, out var name))
        {
            throw new InvalidOperationException($"the journalled target {reference} is not a workload");
        }

        var address = new ResourceAddress(type, namespaceName, name);
        var answer = await resources.GetAsync(address, scope);
        if (!answer.TryGet(out var read, out var error))
        {
            return (null, error.Kind == FailureKind.NotFound ? null : KubeOutcomes.From(error, NamespaceOnly(namespaceName)));
        }

        return read.TextAt("metadata", "uid") == reference.Uid ? Create(address, read) : (null, null);
    }

    private static Form? FormOf(string? apiVersion, string? kind) => Forms.FirstOrDefault(form =>
        form.Type.Kind == kind && apiVersion?.StartsWith(form.Type.Group + "/", StringComparison.Ordinal) == true);

    private static ImmutableSortedDictionary<string, string> Labels(V1Pod pod) =>
        pod.Metadata.Labels?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? KubeOutcomes.NoObjects;

    private static ImmutableSortedDictionary<string, string> NamespaceOnly(NamespaceName name) => KubeOutcomes.NoObjects.Add("namespace", name.Value);

    private static (Workload? Workload, ActionOutcome? Stop) OfPodItself(V1Pod pod, NamespaceName namespaceName, KubeName podName)
    {
        if (!ResourceName.TryCreate(ResourceTypes.Pods, podName.Value, out var name))
        {
            throw new InvalidOperationException("the name of a pod that was read is not one");
        }

        var read = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = pod.Metadata.Uid,
                ["labels"] = new JsonObject(Labels(pod).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            },
        };
        return Create(new ResourceAddress(ResourceTypes.Pods, namespaceName, name), read);
    }

    private static (Workload? Workload, ActionOutcome? Stop) Create(ResourceAddress address, JsonObject read)
    {
        var form = Forms.FirstOrDefault(form => form.Type == address.Type);
        var labels = form is null ? read.TextsAt("metadata", "labels") : read.TextsAt([.. form.Path, "template", "metadata", "labels"]);
        var selector = form is null
            ? new JsonObject { ["matchLabels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) }
            : read.At([.. form.Path, "selector"]);
        return PodSelection.TryCreate(selector, out var selection, out string? problem)
            ? (new Workload(address, read.TextAt("metadata", "uid")!, selection, labels), null)
            : (null, new ActionOutcome.Failed(
                FailureKind.Invalid, $"the {(form is null ? "label set" : "selector")} of the {address} {problem}", NamespaceOnly(address.Namespace!)));
    }

    private async Task<(Workload? Workload, ActionOutcome? Stop)> ClimbAsync(
        Form form, PodTarget.Found pod, string? nameText, string? uid, CallScope scope)
    {
        var (address, read, stop) = await ReadOwnerAsync(form, pod, nameText, uid, scope);
        if (stop is not null)
        {
            return (null, stop);
        }

        var controller = read!.ItemsAt("metadata", "ownerReferences")
            .FirstOrDefault(owner => owner.At("controller") is JsonValue flag && flag.TryGetValue(out bool yes) && yes);
        if (form.Above is not { } above || controller is null || FormOf(controller.TextAt("apiVersion"), controller.TextAt("kind")) is not { } next || next.Type != above)
        {
            return Create(address!, read!);
        }

        var (aboveAddress, aboveRead, aboveStop) = await ReadOwnerAsync(next, pod, controller.TextAt("name"), controller.TextAt("uid"), scope);
        if (aboveStop is not null)
        {
            return (null, aboveStop);
        }

        // The selector of a Job is its own uid unless somebody wrote another one. Where the CronJob has none, its Jobs have
        // nothing in common that is sure to be theirs alone.
        return aboveRead!.At([.. next.Path, "selector"]) is JsonObject { Count: > 0 }
            ? Create(aboveAddress!, aboveRead!)
            : Create(address!, read!);
    }

    private async Task<(ResourceAddress? Address, JsonObject? Read, ActionOutcome? Stop)> ReadOwnerAsync(
        Form form, PodTarget.Found pod, string? nameText, string? uid, CallScope scope)
    {
        if (!ResourceName.TryCreate(form.Type, nameText, out var name))
        {
            return (null, null, new ActionOutcome.Failed(FailureKind.Invalid, $"the name of the pod's {form.Type.Kind} is not a valid name", pod.Objects));
        }

        var address = new ResourceAddress(form.Type, pod.Namespace, name);
        var answer = await resources.GetAsync(address, scope);
        if (!answer.TryGet(out var read, out var error))
        {
            return (null, null, KubeOutcomes.From(error, pod.Objects));
        }

        return read.TextAt("metadata", "uid") == uid
            ? (address, read, null)
            : (null, null, new ActionOutcome.Failed(FailureKind.NotFound, $"the pod's {form.Type.Kind} {name} was replaced by another of that name", pod.Objects));
    }

    /// <param name="Path">The path to its selector and its template.</param>
    /// <param name="Above">The kind that may own it, and is the workload then.</param>
    private sealed record Form(ResourceType Type, string[] Path, ResourceType? Above);
}
