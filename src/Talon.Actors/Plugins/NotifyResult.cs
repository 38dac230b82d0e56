using System.Collections.Immutable;

namespace Talon.Actors.Plugins;

/// <summary>How the delivery of a batch of records ended: a closed set.</summary>
public abstract record NotifyResult
{
    private NotifyResult()
    {
    }

    /// <summary>All were delivered.</summary>
    public sealed record Delivered : NotifyResult
    {
        /// <summary>What the other side said, one line; empty when it says nothing.</summary>
        public string Answer { get; init; } = "";
    }

    /// <summary>The other side takes none of them, however often it is asked. A batch of several is sent again by halves.</summary>
    /// <param name="Reason">What it said, one line.</param>
    public sealed record Refused(string Reason) : NotifyResult;

    /// <summary>Another try can help.</summary>
    /// <param name="Reason">What went wrong, one line.</param>
    /// <param name="RetryAfter">How long the receiver asked to wait; null when it did not say.</param>
    public sealed record Troubled(string Reason, TimeSpan? RetryAfter = null) : NotifyResult
    {
        /// <summary>How each record of the batch ended, in its order, where that is known; empty when all are to be sent again.</summary>
        public ImmutableArray<RecordEnd> Ends { get; init; } = [];
    }
}
