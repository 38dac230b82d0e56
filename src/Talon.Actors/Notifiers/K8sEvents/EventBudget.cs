namespace Talon.Actors.Notifiers.K8sEvents;

/// <summary>Limits the writes to the API server, which keeps events for an hour: a token bucket. Used by one caller at a time.</summary>
internal sealed class EventBudget(TimeProvider clock, double perSecond, int burst)
{
    private double _tokens = burst;
    private long _at = clock.GetTimestamp();

    /// <summary>Waits until one more write is allowed.</summary>
    /// <exception cref="OperationCanceledException">The token ended the wait; nothing was taken.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            long now = clock.GetTimestamp();
            _tokens = Math.Min(burst, _tokens + (clock.GetElapsedTime(_at, now).TotalSeconds * perSecond));
            _at = now;
            if (_tokens >= 1)
            {
                _tokens--;
                return;
            }

            // A millisecond more than due, so that rounding never makes it come back too early for ever.
            await Task.Delay(TimeSpan.FromSeconds((1 - _tokens) / perSecond) + TimeSpan.FromMilliseconds(1), clock, cancellationToken);
        }
    }
}
