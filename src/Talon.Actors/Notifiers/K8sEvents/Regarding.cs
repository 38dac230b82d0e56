using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.K8sEvents;

/// <summary>Finds the object that a notification is about.</summary>
internal sealed class Regarding(IPods pods, NamespaceName home)
{
    private static readonly Dictionary<string, string> ApiVersions = new(StringComparer.Ordinal)
    {
        ["Pod"] = "v1",
        ["Node"] = "v1",
        ["Namespace"] = "v1",
        ["ConfigMap"] = "v1",
        ["Secret"] = "v1",
        ["Service"] = "v1",
        ["ServiceAccount"] = "v1",
        ["Deployment"] = "apps/v1",
        ["ReplicaSet"] = "apps/v1",
        ["DaemonSet"] = "apps/v1",
        ["StatefulSet"] = "apps/v1",
        ["Job"] = "batch/v1",
        ["CronJob"] = "batch/v1",
        ["NetworkPolicy"] = "networking.k8s.io/v1",
        ["Role"] = "rbac.authorization.k8s.io/v1",
        ["RoleBinding"] = "rbac.authorization.k8s.io/v1",
        ["ClusterRole"] = "rbac.authorization.k8s.io/v1",
        ["ClusterRoleBinding"] = "rbac.authorization.k8s.io/v1",
        ["CiliumNetworkPolicy"] = "cilium.io/v2",
    };

    /// <summary>
    /// The object: the one that was written to, else the pod or node among the objects, else their namespace, else Talon's own. Only a
    /// pod's uid has to be asked for; when it is not to be had, the event goes without.
    /// </summary>
    public async Task<V1ObjectReference> FindAsync(Notification notification, CallScope scope)
    {
        if (notification.Target is { } target)
        {
            // Both policies are called that; the actionner knows which.
            string? version = notification.Actionner.StartsWith("calico:", StringComparison.Ordinal) && target.Kind == "NetworkPolicy"
                ? "projectcalico.org/v3"
                : ApiVersions.GetValueOrDefault(target.Kind);
            return new V1ObjectReference
            {
                ApiVersion = version,
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

        return KubeName.TryCreate(objects.GetValueOrDefault("node"), out var node)
            ? Reference("Node", null, node.Value, null)
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
