using System.Collections.Immutable;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes.Connection;

/// <summary>
/// The namespaces in which Talon writes nothing: the configured ones and its own. Asked by the ports themselves right before a
/// write, so that no actionner can forget it.
/// </summary>
public sealed class ProtectedNamespaces
{
    private readonly ImmutableHashSet<string> _names;

    private ProtectedNamespaces(ImmutableHashSet<string> names, string? own)
    {
        _names = names;
        Own = own;
    }

    /// <summary>Talon's own namespace; null when it does not run in a pod and no variable names one.</summary>
    public string? Own { get; }

    /// <summary>All of them, in alphabetical order.</summary>
    public IEnumerable<string> Names => _names.Order(StringComparer.Ordinal);

    /// <summary>
    /// The configured namespaces and Talon's own, which <c>POD_NAMESPACE</c>, <c>NAMESPACE</c> and the file of the service account tell;
    /// where they differ, each of them is protected.
    /// </summary>
    public static ProtectedNamespaces Create(IEnumerable<string> configured, KubeEnvironment environment)
    {
        string[] own =
        [
            .. new[] { environment.Variable("POD_NAMESPACE"), environment.Variable("NAMESPACE"), environment.ReadFile(KubeEnvironment.NamespaceFile) }
                .Where(candidate => !string.IsNullOrWhiteSpace(candidate))
                .Select(candidate => candidate!.Trim()),
        ];
        return new ProtectedNamespaces(configured.Concat(own).ToImmutableHashSet(StringComparer.Ordinal), own.FirstOrDefault());
    }

    /// <summary>Whether nothing may be written there.</summary>
    internal bool Contains(NamespaceName name) => _names.Contains(name.Value);

    /// <summary>Why nothing may be written there, one sentence.</summary>
    internal string Reason(NamespaceName name) =>
        name.Value == Own ? $"the namespace {name} is Talon's own and protected" : $"the namespace {name} is protected";
}
