using System.Collections.Frozen;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.K8sEvents;

/// <summary>Finds the object that a notification is about.</summary>
internal sealed class Regarding(IPods pods, NamespaceName home)
{
    private static readonly FrozenDictionary<string, string> ApiVersions = ResourceTypes.Deletable.Values
        .Select(type => (type.Kind, type.ApiVersion))
        .Append(("Node", "v1"))
        .ToFrozenDictionary(type => type.Item1, type => type.Item2, StringComparer.Ordinal);

    /// <summary>
    /// The object: the one that was written to, else the one that was to be deleted, else the pod or node among the objects, else their
    /// namespace, else Talon's own. A pod's uid is looked up; if there is none, the event goes without. For a node its name stands
    /// in, as in the events of the kubelet: <c>kubectl describe node</c> looks for both.
    /// </summary>
    public async Task<V1ObjectReference> FindAsync(Notification notification, CallScope scope)
    {
        if (notification.Target is { } target)
        {
            return new V1ObjectReference
            {
                ApiVersion = ApiVersions.GetValueOrDefault(target.Kind),
                Kind = target.Kind,
                NamespaceProperty = target.Namespace,
                Name = target.Name,
                Uid = target.Uid.Length > 0 ? target.Uid : null,
            };
        }

        var objects = notification.Objects;
        NamespaceName.TryCreate(objects.GetValueOrDefault("namespace"), out var namespaceName);
        if (namespaceName is not null && KubeName.TryCreate(objects.GetValueOrDefault("pod"), out var pod))
        {
            var read = await pods.GetAsync(namespaceName, pod, scope);
            return Reference("Pod", namespaceName, pod.Value, read.TryGet(out var found, out _) ? found.Metadata.Uid : null);
        }

        if (ResourceTypes.Deletable.TryGetValue(objects.GetValueOrDefault("resource", ""), out var type)
            && KubeName.TryCreate(objects.GetValueOrDefault("name"), out var name)
            && (namespaceName is not null || !type.Namespaced))
        {
            return Reference(type.Kind, type.Namespaced ? namespaceName : null, name.Value, null);
        }

        return KubeName.TryCreate(objects.GetValueOrDefault("node"), out var node)
            ? Reference("Node", null, node.Value, node.Value)
            : Reference("Namespace", null, (namespaceName ?? home).Value, null);
    }

    private static V1ObjectReference Reference(string kind, NamespaceName? namespaceName, string name, string? uid) => new()
    {
        ApiVersion = ApiVersions[kind],
        Kind = kind,
        NamespaceProperty = namespaceName?.Value,
        Name = name,
        Uid = uid,
    };
}
