namespace Talon.Host.Reload;

/// <summary>When the rule files are read.</summary>
internal sealed record RuleWatchOptions
{
    /// <summary>The time between two readings. Changed files are loaded after two equal readings, so within twice that time. Default 2 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a reading may wait for the disk before it counts as failed. Default 10 s.</summary>
    public TimeSpan LongestRead { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long each reading may differ from the one before it until the log says so. Default 60 s.</summary>
    public TimeSpan LongestUnsteady { get; init; } = TimeSpan.FromSeconds(60);
}
