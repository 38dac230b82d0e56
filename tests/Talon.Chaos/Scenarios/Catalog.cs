using Talon.Chaos.Load;

namespace Talon.Chaos.Scenarios;

/// <summary>All scenarios.</summary>
internal static class Catalog
{
    /// <summary>Those of the table, a to h.</summary>
    public static IReadOnlyList<Scenario> Full { get; } =
    [
        new("a", "kill -9: coordinator (oldest), youngest, each in turn, two at once", Load(190), NodeScripts.KillsAsync),
        new("b", "SIGTERM: rolling restart of all three", Load(80), NodeScripts.RollingAsync),
        new("c", "SIGSTOP for 20 s and for 60 s, then SIGCONT", Load(130), NodeScripts.FreezesAsync),
        new("d", "PostgreSQL: stopped for 30 s, killed and restarted, connections cut every 5 s for a minute", Load(170), DatabaseScripts.AllAsync),
        new("e", "API server: 30 % 500s, 429 with Retry-After, latency 2 s, down 30 s, cut after the effect", Load(150) with { Mix = LoadPlan.RepeatSafe }, ApiScripts.AllAsync)
        {
            AllowsNoFailure = true,
            FitsOneNode = true,
            Patience = TimeSpan.FromSeconds(300),
        },
        new("f", "everything killed -9 (PostgreSQL too), cold start", Load(60), NodeScripts.ColdStartAsync),
        new("g", "two incarnations: a frozen owner woken, a second cluster on the same journal", Load(110), TwinScripts.AllAsync),
        new("h", "rolling restart from one rule set to another", Load(80) with { Mix = LoadPlan.Swaps }, NodeScripts.OtherRulesAsync) { RuleSets = 2 },
    ];

    /// <summary>The short set, for every build.</summary>
    public static IReadOnlyList<Scenario> Short { get; } =
    [
        new("short-kill", "one kill -9", Load(25), NodeScripts.OneKillAsync) { FitsOneNode = true },
        new("short-rolling", "one rolling restart", Load(35), NodeScripts.RollingAsync),
        new("short-freeze", "one freeze of 20 s", Load(30), NodeScripts.OneFreezeAsync),
        new("short-database", "PostgreSQL stopped for 15 s", Load(25), DatabaseScripts.OneStopAsync),
    ];

    /// <summary>Scenarios by their names, separated by commas; a set by <c>full</c> or <c>short</c>.</summary>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public static IReadOnlyList<Scenario> Find(string names) => [.. names.Split(',').SelectMany(name => name switch
    {
        "full" => Full,
        "short" => Short,
        _ => Full.Concat(Short).Where(s => s.Id == name).ToList() is { Count: > 0 } found
            ? found
            : throw new ArgumentException($"there is no scenario '{name}'; known are full, short, {string.Join(", ", Full.Concat(Short).Select(s => s.Id))}"),
    })];

    private static LoadPlan Load(int seconds) => new() { Duration = TimeSpan.FromSeconds(seconds) };
}
