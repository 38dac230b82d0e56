namespace Talon.Chaos.Rig;

/// <summary>The cluster under test.</summary>
internal sealed record RigOptions
{
    /// <summary>How many nodes. One: a single node on SQLite, to try the harness out; three: a static cluster on PostgreSQL.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>The program under test.</summary>
    public string Talon { get; init; } = Path.Combine(AppContext.BaseDirectory, "talon.dll");

    /// <summary>An empty folder for logs, rules and, with one node, the journal.</summary>
    public required string Folder { get; init; }

    /// <summary>The duplicate window.</summary>
    public required TimeSpan Window { get; init; }
}
