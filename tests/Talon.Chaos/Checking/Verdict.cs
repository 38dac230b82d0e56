namespace Talon.Chaos.Checking;

/// <summary>What the checker found.</summary>
internal sealed record Verdict
{
    /// <summary>Numbered events that were posted at least once.</summary>
    public required int Sent { get; init; }

    /// <summary>Postings: first ones, copies and further tries.</summary>
    public required int Posts { get; init; }

    /// <summary>Events with at least one 200.</summary>
    public required int Accepted { get; init; }

    /// <summary>Events without a 200 whose postings were all refused.</summary>
    public required int Refused { get; init; }

    /// <summary>Events without a 200 with at least one posting whose answer was cut off.</summary>
    public required int Unknown { get; init; }

    /// <summary>Events in the journal that had no 200: cut off, or refused after all.</summary>
    public required int Unconfirmed { get; init; }

    /// <summary>Effects of events of the load.</summary>
    public required int Effects { get; init; }

    /// <summary>Writes that succeeded without changing anything.</summary>
    public required int Repeats { get; init; }

    /// <summary>Final failures by kind, sorted by kind.</summary>
    public required IReadOnlyDictionary<string, int> Failures { get; init; }

    /// <summary>The different rule sets that made the plans.</summary>
    public required int RuleSets { get; init; }

    /// <summary>Every broken promise.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    public int Lost => Count(ViolationKind.Lost);

    public int Doubled => Count(ViolationKind.Doubled);

    /// <summary>The violations that are neither losses nor doublings.</summary>
    public int Other => Violations.Count - Lost - Doubled;

    private int Count(ViolationKind kind) => Violations.Count(v => v.Kind == kind);
}
