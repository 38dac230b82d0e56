namespace Talon.Actors.Notifiers.Http;

/// <summary>What came back for one request.</summary>
/// <param name="Status">The status code; 0 when there was no answer.</param>
/// <param name="Text">The body without secrets, cut at the bound of the caller; without an answer, what went wrong.</param>
/// <param name="RetryAfter">How long the other side asked to wait; null when it did not say.</param>
internal sealed record HttpAnswer(int Status, string Text, TimeSpan? RetryAfter = null)
{
    /// <summary>The body as it came, to be read by programs and shown to nobody.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether it is a 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether another try may end differently: no answer, 408, 429 or 5xx.</summary>
    public bool IsTransient => Status is 0 or 408 or 429 or >= 500;
}
