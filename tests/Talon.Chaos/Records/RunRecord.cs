namespace Talon.Chaos.Records;

/// <summary>Everything that is known about a run when it is over: what the checker compares.</summary>
internal sealed record RunRecord
{
    /// <summary>The events of the load.</summary>
    public required IReadOnlyList<ChaosEvent> Events { get; init; }

    /// <summary>What the client was answered.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>The journal, bucket by bucket, in the order of its sequence numbers.</summary>
    public required IReadOnlyList<JournalEntry> Journal { get; init; }

    /// <summary>What the stand-in saw being changed.</summary>
    public required IReadOnlyList<SeenEffect> Effects { get; init; }

    /// <summary>Writes that the stand-in saw succeed without changing anything.</summary>
    public IReadOnlyList<SeenEffect> Repeats { get; init; } = [];

    /// <summary>The labels that the pods have at the end, by uid. Pods that are gone are missing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Labels { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>The faults that were made, in order.</summary>
    public IReadOnlyList<FaultMoment> Faults { get; init; } = [];

    /// <summary>The ends of talon processes before the suite ended them all.</summary>
    public IReadOnlyList<NodeExit> Exits { get; init; } = [];

    /// <summary>How long the same event is a duplicate, counted from its first acceptance; zero when it never is.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromHours(1);
}
