namespace Talon.Rules.Events;

/// <summary>What an event may cost. The size of the body is limited where it is received.</summary>
public sealed record EventLimits
{
    /// <summary>The limits that hold when none are given.</summary>
    public static EventLimits Default { get; } = new();

    /// <summary>How deep the JSON may be nested. Default 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>How many output fields an event may carry. Default 10,000.</summary>
    public int MaxFields { get; init; } = 10_000;

    /// <summary>How many tags an event may carry. Default 1,000.</summary>
    public int MaxTags { get; init; } = 1_000;
}
