using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Events over the API.</summary>
internal sealed class KubeEvents(KubeCaller caller) : IKubeEvents
{
    // Not a write as actions make them: a protected namespace is protected from changes, not from reports about it.
    public Task<KubeResult<Eventsv1Event>> CreateAsync(NamespaceName namespaceName, KubeName name, Eventsv1Event kubeEvent, CallScope scope) =>
        caller.CallAsync(
            $"create the event {namespaceName}/{name}",
            scope,
            (client, token) => client.EventsV1.CreateNamespacedEventAsync(
                kubeEvent with { Metadata = new V1ObjectMeta { Name = name.Value, NamespaceProperty = namespaceName.Value } },
                namespaceName.Value,
                cancellationToken: token),
            created => created.Metadata?.Name == name.Value && !string.IsNullOrEmpty(created.Metadata.Uid));

    public Task<KubeResult<Eventsv1Event>> CountAsync(
        NamespaceName namespaceName, KubeName name, string uid, int count, DateTimeOffset lastObserved, CallScope scope)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = uid },
            ["series"] = new JsonObject
            {
                ["count"] = count,
                ["lastObservedTime"] = lastObserved.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            },
        };
        return caller.CallAsync(
            $"count up the event {namespaceName}/{name}",
            scope,
            (client, token) => client.EventsV1.PatchNamespacedEventAsync(
                new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), name.Value, namespaceName.Value, cancellationToken: token),
            patched => patched.Metadata?.Uid == uid);
    }
}
