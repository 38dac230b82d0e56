using System.Diagnostics.CodeAnalysis;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Names;

/// <summary>
/// The name of a pod, node or ReplicaSet: a DNS-1123 subdomain of at most 253 characters. A class without a public constructor, so that no
/// unchecked or default value exists.
/// </summary>
internal sealed record KubeName
{
    private KubeName(string value) => Value = value;

    /// <summary>The checked text, safe as one segment of a URL path.</summary>
    public string Value { get; }

    /// <summary>
    /// Checks a text, which may come from an attacker. False for null, empty and anything Kubernetes would not take as a name.
    /// </summary>
    public static bool TryCreate([NotNullWhen(true)] string? text, [NotNullWhen(true)] out KubeName? name)
    {
        name = text is not null && Dns1123.IsSubdomain(text) ? new KubeName(text) : null;
        return name is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
