using Talon.Chaos.Load;

namespace Talon.Chaos.Scenarios;

/// <summary>All scenarios.</summary>
internal static class Catalog
{
    /// <summary>Those of the table.</summary>
    public static IReadOnlyList<Scenario> Full { get; } =
    [
        new("a", "kill -9: coordinator (oldest), youngest, each in turn, two at once", Load(260), NodeScripts.KillsAsync),
        new("b", "SIGTERM: rolling restart of all three", Load(150), NodeScripts.RollingAsync) { AllowsNoFailure = true },
        new("c", "SIGSTOP for 20 s and for 60 s, then SIGCONT", Load(180), NodeScripts.FreezesAsync),
        new("d", "PostgreSQL: stopped for 30 s, killed and restarted, connections cut every 5 s for a minute", Load(220), DatabaseScripts.AllAsync) { AllowsNoFailure = true },
        new("e", "API server: 30 % 500s, 429 with Retry-After, latency 2 s, 30 % cut after the effect, down 30 s", Load(180) with { Mix = LoadPlan.RepeatSafe }, ApiScripts.AllAsync)
        {
            AllowsNoFailure = true,
            FitsOneNode = true,
            Patience = TimeSpan.FromSeconds(300),
        },
        new("f", "everything killed -9 (PostgreSQL too), cold start", Load(100), NodeScripts.ColdStartAsync),
        new("g", "two incarnations: a frozen owner woken, a second cluster on the same journal", Load(160), TwinScripts.AllAsync),
        new("h", "rolling restart from one rule set to another", Load(150) with { Mix = LoadPlan.Swaps }, NodeScripts.OtherRulesAsync) { RuleSets = 2, AllowsNoFailure = true },
        new("i", "PostgreSQL frozen for 13 s, duplicate window off: one delivery is accepted once", Unrepeated(40), DatabaseScripts.FreezeAsync),
        new("j", "commands: connection cut after the start", Load(30) with { Mix = LoadPlan.Execs, Rate = 8 }, ApiScripts.CutCommandsAsync) { FitsOneNode = true },
    ];

    /// <summary>The short set, for every build.</summary>
    public static IReadOnlyList<Scenario> Short { get; } =
    [
        new("short-kill", "one kill -9", Brief(25), NodeScripts.OneKillAsync) { FitsOneNode = true },
        new("short-rolling", "one rolling restart", Brief(60), NodeScripts.RollingAsync) { AllowsNoFailure = true },
        new("short-freeze", "one freeze of 20 s", Brief(30), NodeScripts.OneFreezeAsync),
        new("short-database", "PostgreSQL stopped for 15 s", Brief(25), DatabaseScripts.OneStopAsync) { AllowsNoFailure = true },
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

    private static LoadPlan Brief(int seconds) => Load(seconds) with { CopyDelay = TimeSpan.FromSeconds(10) };

    // No copies and no further tries: whatever is accepted twice was delivered once.
    private static LoadPlan Unrepeated(int seconds) => Load(seconds) with { Copies = 0, Patience = TimeSpan.Zero, Window = TimeSpan.Zero };
}
