namespace Talon.Actors.Plugins;

/// <summary>How the delivery of a batch of notifications ended: a closed set.</summary>
public abstract record NotifyResult
{
    private NotifyResult()
    {
    }

    /// <summary>All were delivered.</summary>
    public sealed record Delivered : NotifyResult;

    /// <summary>They were not delivered, or not all.</summary>
    /// <param name="Reason">What went wrong, one line.</param>
    /// <param name="MayRetry">Whether another try can help.</param>
    /// <param name="RetryAfter">How long the receiver asked to wait; null when it did not say.</param>
    /// <param name="Left">How many of the batch, from its end, are still to be delivered; those before were.</param>
    public sealed record Failed(string Reason, bool MayRetry, TimeSpan? RetryAfter, int Left) : NotifyResult;
}
