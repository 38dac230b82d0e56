namespace Talon.Host.Reload;

/// <summary>When the rule files are looked at.</summary>
internal sealed record RuleWatchOptions
{
    /// <summary>How long it must be quiet after the last sign of a change: who saves several files is done by then. Default 500 ms.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long signs without a quiet moment put a look off. Default 10 s.</summary>
    public TimeSpan LongestNoise { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after a look the files are compared without any sign: network file systems give none, and the system may have no watches left. Default 10 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a look may wait for the disk before it counts as failed. Default 10 s.</summary>
    public TimeSpan LongestRead { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long looks in a row may find the files changing before the log says so. Default 60 s.</summary>
    public TimeSpan LongestUnsteady { get; init; } = TimeSpan.FromSeconds(60);
}
