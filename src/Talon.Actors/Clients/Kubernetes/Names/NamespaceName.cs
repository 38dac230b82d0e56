using System.Diagnostics.CodeAnalysis;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Names;

/// <summary>
/// The name of a namespace: a DNS-1123 label of at most 63 characters. A class without a public constructor, so that no unchecked or
/// default value exists.
/// </summary>
internal sealed record NamespaceName
{
    private NamespaceName(string value) => Value = value;

    /// <summary>The checked text, safe as one segment of a URL path.</summary>
    public string Value { get; }

    /// <summary>
    /// Checks a text, which may come from an attacker. False for null, empty and anything Kubernetes would not take as a name.
    /// </summary>
    public static bool TryCreate([NotNullWhen(true)] string? text, [NotNullWhen(true)] out NamespaceName? name)
    {
        name = text is not null && Dns1123.IsLabel(text) ? new NamespaceName(text) : null;
        return name is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
