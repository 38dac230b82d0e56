namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// A kind of object of the Kubernetes API and where it is served. Only <see cref="ResourceTypes"/> makes them: no part of one ever
/// comes from an event.
/// </summary>
internal sealed record ResourceType
{
    internal ResourceType(string group, string version, string plural, string kind, bool namespaced = true)
    {
        Group = group;
        Version = version;
        Plural = plural;
        Kind = kind;
        Namespaced = namespaced;
    }

    /// <summary>The API group; empty for the core group.</summary>
    public string Group { get; }

    /// <summary>The version of the group.</summary>
    public string Version { get; }

    /// <summary>The plural name, as it stands in URLs and audit events.</summary>
    public string Plural { get; }

    /// <summary>The kind, as it stands in objects.</summary>
    public string Kind { get; }

    /// <summary>Whether its objects live in namespaces.</summary>
    public bool Namespaced { get; }

    /// <summary>Group and version as objects carry them: <c>v1</c>, <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <inheritdoc/>
    public override string ToString() => Kind;
}
