using System.Diagnostics.CodeAnalysis;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Names;

/// <summary>The name of a pod, node or ReplicaSet: a DNS-1123 subdomain of at most 253 characters. A class without a public constructor: no unchecked or default value of it exists.</summary>
public sealed record KubeName
{
    private KubeName(string value) => Value = value;

    /// <summary>The checked text, safe as one segment of a URL path.</summary>
    public string Value { get; }

    /// <summary>Checks and wraps a text. False for null, empty and anything Kubernetes would not take as a name.</summary>
    /// <param name="text">The text, possibly from an attacker.</param>
    /// <param name="name">The checked name.</param>
    public static bool TryCreate([NotNullWhen(true)] string? text, [NotNullWhen(true)] out KubeName? name)
    {
        name = text is not null && Dns1123.IsSubdomain(text) ? new KubeName(text) : null;
        return name is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
