using System.Diagnostics.CodeAnalysis;

namespace Talon.Actors.Clients.Kubernetes.Names;

/// <summary>
/// The id of a container as Falco gives it: 12 hex digits or more of the runtime's id. <c>host</c>, empty and <c>&lt;NA&gt;</c> are none.
/// </summary>
internal sealed record ContainerId
{
    /// <summary>Falco cuts ids to this length; anything shorter says too little to name one container.</summary>
    public const int MinLength = 12;

    /// <summary>Runtimes use 64 hex digits; twice that is room enough.</summary>
    public const int MaxLength = 128;

    private ContainerId(string value) => Value = value;

    /// <summary>The hex digits, lower case.</summary>
    public string Value { get; }

    public static bool TryCreate([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ContainerId? id)
    {
        id = text is { Length: >= MinLength and <= MaxLength } && text.All(char.IsAsciiHexDigit)
            ? new ContainerId(string.Create(text.Length, text, static (span, from) => from.AsSpan().ToLowerInvariant(span)))
            : null;
        return id is not null;
    }

    /// <summary>Whether a status's id, for instance <c>containerd://0123…</c>, is of this container.</summary>
    public bool IsPrefixOf(string? statusId) => Bare(statusId).StartsWith(Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>The first hex digits, lower case, of a status's id, as many as any container id has; null when it has fewer.</summary>
    public static string? BeginningOf(string? statusId)
    {
        var bare = Bare(statusId);
        return bare.Length < MinLength ? null : string.Create(MinLength, bare, static (span, from) => from[..MinLength].ToLowerInvariant(span));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static ReadOnlySpan<char> Bare(string? statusId)
    {
        int scheme = statusId?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        return statusId.AsSpan(scheme < 0 ? 0 : scheme + 3);
    }
}
