using Talon.Actors.Plugins;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>
/// When a notifier whose calls fail may be called again: after a time that doubles with each failure, spread by a fifth, or when the other side asked
/// for it, if that is later. Used by one delivery at a time.
/// </summary>
internal sealed class NotifierCircuit(NotifyingOptions options, NotifyingParts parts)
{
    private TimeSpan _delay = options.FirstDelay;
    private long _from;
    private TimeSpan _wait;

    /// <summary>What the last call that failed said; null while calls succeed.</summary>
    public string? Trouble { get; private set; }

    /// <summary>How long no call may be made; zero or less when one may.</summary>
    public TimeSpan Left => Trouble is null ? TimeSpan.Zero : _wait - parts.Clock.GetElapsedTime(_from);

    /// <summary>A call failed. True when the one before did not.</summary>
    public bool Failed(NotifyResult.Troubled trouble)
    {
        var wait = _delay * (0.8 + (0.4 * parts.Jitter()));
        _from = parts.Clock.GetTimestamp();
        _wait = trouble.RetryAfter is { } asked && asked > wait ? asked : wait;
        _delay = _delay * 2 < options.LongestDelay ? _delay * 2 : options.LongestDelay;
        bool isFirst = Trouble is null;
        Trouble = trouble.Reason;
        return isFirst;
    }

    /// <summary>The other side answered, be it with a refusal: the time between two tries is short again.</summary>
    public void Answered() => _delay = options.FirstDelay;

    /// <summary>A call delivered. True when the one before failed.</summary>
    public bool Delivered()
    {
        bool isFirst = Trouble is not null;
        Trouble = null;
        return isFirst;
    }
}
