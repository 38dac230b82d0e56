namespace Talon.Postgres;

/// <summary>How a server is started.</summary>
public sealed record PostgresSettings
{
    /// <summary>Whether commits reach the disk. Off by default: only tests of durability need it, and it is slow.</summary>
    public bool Fsync { get; init; }

    /// <summary>How many connections the server takes. Default 100.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>Further settings as <c>name=value</c>.</summary>
    public IReadOnlyList<string> More { get; init; } = [];
}
