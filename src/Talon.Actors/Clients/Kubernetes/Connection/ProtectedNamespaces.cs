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

    /// <summary>Talon's own namespace; null when it does not run in a pod and nobody said which it is.</summary>
    public string? Own { get; }

    /// <summary>All of them, in alphabetical order.</summary>
    public IEnumerable<string> Names => _names.Order(StringComparer.Ordinal);

    /// <summary>
    /// Puts the set together. Talon's own namespace is said by <c>POD_NAMESPACE</c>, <c>NAMESPACE</c> and the file of the service
    /// account; where they differ, each of them is protected.
    /// </summary>
    /// <param name="configured">The configured names.</param>
    /// <param name="environment">The environment.</param>
    public static ProtectedNamespaces Create(IEnumerable<string> configured, KubeEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(configured);
        ArgumentNullException.ThrowIfNull(environment);
        string[] own =
        [
            .. new[] { environment.Variable("POD_NAMESPACE"), environment.Variable("NAMESPACE"), environment.ReadFile(KubeEnvironment.NamespaceFile) }
                .Where(candidate => !string.IsNullOrWhiteSpace(candidate))
                .Select(candidate => candidate!.Trim()),
        ];
        return new ProtectedNamespaces(configured.Concat(own).ToImmutableHashSet(StringComparer.Ordinal), own.FirstOrDefault());
    }

    /// <summary>Whether nothing may be written there.</summary>
    /// <param name="name">The namespace.</param>
    public bool Contains(NamespaceName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _names.Contains(name.Value);
    }

    /// <summary>Why nothing may be written there, one sentence.</summary>
    /// <param name="name">The namespace.</param>
    public string Reason(NamespaceName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Value == Own ? $"the namespace {name} is Talon's own and protected" : $"the namespace {name} is protected";
    }
}
