using System.Diagnostics.CodeAnalysis;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Names;

/// <summary>
/// The name of an object of any kind Talon works with, safe as one segment of a URL path: a DNS-1123 subdomain (for a namespace a
/// label), and for the kinds of RBAC also the names of Kubernetes itself such as <c>system:node</c>. A class without a public
/// constructor, so that no unchecked or default value exists.
/// </summary>
internal sealed record ResourceName
{
    private const string RbacGroup = "rbac.authorization.k8s.io";

    private ResourceName(string value) => Value = value;

    /// <summary>The checked text, safe as one segment of a URL path.</summary>
    public string Value { get; }

    /// <summary>
    /// Checks a text, which may come from an attacker. RBAC would take any name without '/' and '%'; Talon takes letters, digits, '-', '.',
    /// '_' and ':', which need no escaping, and refuses the rest.
    /// </summary>
    public static bool TryCreate(ResourceType type, [NotNullWhen(true)] string? text, [NotNullWhen(true)] out ResourceName? name)
    {
        bool right = text is not null && (
            type == ResourceTypes.Namespaces ? Dns1123.IsLabel(text)
            : type.Group == RbacGroup ? IsSegment(text)
            : Dns1123.IsSubdomain(text));
        name = right ? new ResourceName(text!) : null;
        return right;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsSegment(string text) =>
        text.Length is > 0 and <= Dns1123.MaxSubdomain
        && text is not ("." or "..")
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':');
}
