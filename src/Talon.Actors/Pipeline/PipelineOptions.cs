namespace Talon.Actors.Pipeline;

/// <summary>The settings of the pipeline. The defaults are those of the configuration, which fills those of them that have a key.</summary>
public sealed record PipelineOptions
{
    /// <summary>How long the same event counts as a duplicate of the first, from the first on. Zero: never. Default 5 s.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How old an event may be when an action starts, unless the action says otherwise. Zero: no limit. Default 10 min.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long after the first failure an action is tried again. Default 5 min.</summary>
    public TimeSpan RetryMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many short actions of one category run at a time on a node. Default 32.</summary>
    public int ShortLane { get; init; } = 32;

    /// <summary>How many long-running actions of one category run at a time on a node. Default 16.</summary>
    public int LongLane { get; init; } = 16;

    /// <summary>
    /// How many actions wait in one lane of a category before a further one lets the other rules of its event go on. Default 10,000. How many
    /// wait in all is bounded by the unfinished events.
    /// </summary>
    public int Crowd { get; init; } = 10_000;

    /// <summary>Whether every rule is a dry run, also those of events accepted earlier. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>How many unfinished events a bucket holds before it refuses new ones. Default 5,000.</summary>
    public int MaxUnfinishedEvents { get; init; } = 5_000;

    /// <summary>How many bytes of event bodies the intake of a node, and each bucket, holds before new events are refused. Default 64 MiB.</summary>
    public long MaxUnfinishedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How many unfinished events about one target a bucket holds: a tenth of <see cref="MaxUnfinishedEvents"/>.</summary>
    public int MaxEventsOfTarget => MaxUnfinishedEvents / 10;

    /// <summary>How many bytes of event bodies about one target: a tenth of <see cref="MaxUnfinishedBytes"/>.</summary>
    public long MaxBytesOfTarget => MaxUnfinishedBytes / 10;

    /// <summary>How long the intake tries to hand an event to its bucket. Default 25 s.</summary>
    public TimeSpan IntakeDeadline { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long running actions may go on after SIGTERM. Default 45 s.</summary>
    public TimeSpan ShutdownGracePeriod { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long facts stay in the journal for audit. Default 7 days.</summary>
    public TimeSpan AuditRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many facts of a bucket stay in the journal. Default 200,000.</summary>
    public long MaxFactsPerBucket { get; init; } = 200_000;
}
