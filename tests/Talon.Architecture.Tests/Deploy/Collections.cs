using k8s;
using k8s.Models;

namespace Talon.Architecture.Tests.Deploy;

/// <summary>Where objects of a manifest are posted to.</summary>
internal static class Collections
{
    public static string PathOf(IKubernetesObject<V1ObjectMeta> item)
    {
        string plural = item switch
        {
            V1NetworkPolicy => "networkpolicies",
            _ => $"{item.Kind.ToLowerInvariant()}s",
        };
        string root = item.ApiVersion.Contains('/', StringComparison.Ordinal) ? $"/apis/{item.ApiVersion}" : $"/api/{item.ApiVersion}";
        return item.Metadata.NamespaceProperty is { } name ? $"{root}/namespaces/{name}/{plural}" : $"{root}/{plural}";
    }
}
