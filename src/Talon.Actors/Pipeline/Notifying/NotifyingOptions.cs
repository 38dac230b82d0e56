namespace Talon.Actors.Pipeline.Notifying;

/// <summary>The settings of the pipelines of notifiers. The defaults are the values in use; tests choose shorter ones.</summary>
public sealed record NotifyingOptions
{
    /// <summary>How many notifications wait for one notifier at most. Default 1,000.</summary>
    public int QueueSize { get; init; } = 1000;

    /// <summary>How long a batch waits to become full. Default 1 s.</summary>
    public TimeSpan BatchWindow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one call may take. Default 10 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait before the second try; it doubles each time. Default 0.5 s.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between two tries, unless the receiver asks for more. Default 30 s.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long what waits may still be delivered at the end. Default 5 s.</summary>
    public TimeSpan FlushTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call that was told to end may take to do so. Default 1 s.</summary>
    public TimeSpan EndTime { get; init; } = TimeSpan.FromSeconds(1);
}
