using System.Collections.Immutable;

namespace Talon.Actors.Clients.Kubernetes.Connection;

/// <summary>The settings of the Kubernetes client.</summary>
public sealed record KubernetesOptions
{
    /// <summary>The namespaces that are protected unless the configuration says otherwise.</summary>
    public static ImmutableArray<string> DefaultProtectedNamespaces { get; } = ["kube-system", "kube-public", "kube-node-lease"];

    /// <summary>The kubeconfig file of the configuration; null or empty when not set. <c>KUBECONFIG</c> comes before it.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The version in the User-Agent, <c>talon/VERSION</c>.</summary>
    public string Version { get; init; } = "0";

    /// <summary>The namespaces in which nothing is ever written. Talon's own namespace is added to them.</summary>
    public ImmutableArray<string> ProtectedNamespaces { get; init; } = DefaultProtectedNamespaces;

    /// <summary>The largest answer that is read; more ends the call as a server error. Default 64 MiB, room for a page of 500 large pods.</summary>
    public long MaxAnswerBytes { get; init; } = 64L * 1024 * 1024;
}
