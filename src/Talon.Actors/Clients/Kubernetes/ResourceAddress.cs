using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Where one object is: kind, namespace, name.</summary>
public sealed record ResourceAddress
{
    /// <summary>Puts an address together.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="namespaceName">The namespace; null exactly for kinds that live in none.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">Kind and namespace do not fit together: a fault of the program.</exception>
    public ResourceAddress(ResourceType type, NamespaceName? namespaceName, ResourceName name)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(name);
        if (type.Namespaced != namespaceName is not null)
        {
            throw new ArgumentException($"a {type.Kind} {(type.Namespaced ? "lives in a namespace" : "lives in no namespace")}", nameof(namespaceName));
        }

        Type = type;
        Namespace = namespaceName;
        Name = name;
    }

    /// <summary>The kind.</summary>
    public ResourceType Type { get; }

    /// <summary>The namespace; null for kinds that live in none.</summary>
    public NamespaceName? Namespace { get; }

    /// <summary>The name.</summary>
    public ResourceName Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Namespace is null ? $"{Type.Kind} {Name}" : $"{Type.Kind} {Namespace}/{Name}";
}
