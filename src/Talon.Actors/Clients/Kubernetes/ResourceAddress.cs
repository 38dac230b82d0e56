using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Where one object is: kind, namespace, name.</summary>
internal sealed record ResourceAddress
{
    /// <param name="namespaceName">The namespace; null exactly for kinds that live in none.</param>
    /// <exception cref="ArgumentException">Kind and namespace do not match: a programming error.</exception>
    public ResourceAddress(ResourceType type, NamespaceName? namespaceName, ResourceName name)
    {
        if (type.Namespaced != namespaceName is not null)
        {
            throw new ArgumentException($"a {type.Kind} {(type.Namespaced ? "lives in a namespace" : "lives in no namespace")}", nameof(namespaceName));
        }

        Type = type;
        Namespace = namespaceName;
        Name = name;
    }

    public ResourceType Type { get; }

    /// <summary>The namespace; null for kinds that live in none.</summary>
    public NamespaceName? Namespace { get; }

    public ResourceName Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Namespace is null ? $"{Type.Kind} {Name}" : $"{Type.Kind} {Namespace}/{Name}";
}
