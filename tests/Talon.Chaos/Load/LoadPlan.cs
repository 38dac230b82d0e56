using Talon.Chaos.Records;

namespace Talon.Chaos.Load;

/// <summary>How much load there is, and of what sort.</summary>
internal sealed record LoadPlan
{
    /// <summary>Numbered events a second. The suite shares its machine with the cluster under test: a modest rate.</summary>
    public double Rate { get; init; } = 20;

    /// <summary>For how long events are posted.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of events that are posted a second time, byte for byte.</summary>
    public double Copies { get; init; } = 0.15;

    /// <summary>Within which time a copy follows. Of three one goes out at the same moment and races the first, one soon, one at any time up to this.</summary>
    public TimeSpan CopyDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For how long one posting is tried on other nodes while it is refused; zero: each is sent once.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// The duplicate window of the nodes. Longer than any run by default: every copy is a duplicate, whenever it arrives. Zero switches it off.
    /// </summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the client waits for an answer; the intake holds an event for 25 s at most.</summary>
    public TimeSpan AnswerDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many postings may be under way at once.</summary>
    public int MaxInFlight { get; init; } = 1_000;

    /// <summary>The shares of the kinds of events; they need not add up to one.</summary>
    public IReadOnlyList<(WorkKind Kind, double Share)> Mix { get; init; } = Everything;

    /// <summary>All kinds, mostly terminations.</summary>
    public static IReadOnlyList<(WorkKind Kind, double Share)> Everything { get; } =
        [(WorkKind.Terminate, 0.55), (WorkKind.Label, 0.2), (WorkKind.LabelAndTerminate, 0.1), (WorkKind.Exec, 0.15)];

    /// <summary>Only what may be repeated: no final failure has an excuse.</summary>
    public static IReadOnlyList<(WorkKind Kind, double Share)> RepeatSafe { get; } =
        [(WorkKind.Terminate, 0.6), (WorkKind.Label, 0.25), (WorkKind.LabelAndTerminate, 0.15)];

    /// <summary>Kinds of which the two rule sets think differently.</summary>
    public static IReadOnlyList<(WorkKind Kind, double Share)> Swaps { get; } =
        [(WorkKind.Terminate, 0.2), (WorkKind.Label, 0.4), (WorkKind.Swap, 0.4)];

    /// <summary>Only commands: what must not run twice.</summary>
    public static IReadOnlyList<(WorkKind Kind, double Share)> Execs { get; } = [(WorkKind.Exec, 1)];

    public int Events => (int)(Rate * Duration.TotalSeconds);

    /// <summary>When the copy of an event follows; null when it has none. The same for the same seed.</summary>
    public TimeSpan? CopyOf(int number, int seed)
    {
        if (Draws.Of(seed, number, "copy") >= Copies)
        {
            return null;
        }

        double delay = Draws.Of(seed, number, "copy delay");
        return CopyDelay * (Draws.Below(3, seed, number, "copy sort") switch
        {
            0 => 0,
            1 => delay / 20,
            _ => delay,
        });
    }

    /// <summary>The kind of an event; the same for the same seed, whatever happens in the run.</summary>
    public WorkKind KindOf(int number, int seed)
    {
        double draw = Draws.Of(seed, number, "kind") * Mix.Sum(m => m.Share);
        foreach (var (kind, share) in Mix)
        {
            draw -= share;
            if (draw < 0)
            {
                return kind;
            }
        }

        return Mix[^1].Kind;
    }
}
