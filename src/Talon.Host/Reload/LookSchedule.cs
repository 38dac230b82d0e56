namespace Talon.Host.Reload;

/// <summary>
/// Decides when the rule files are looked at: a quiet period after the last sign of a change, at the latest some time after the
/// first one, and without any sign once in a while. However many signs there are, it keeps two points in time.
/// </summary>
internal sealed class LookSchedule(RuleWatchOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _lookedAt = time.GetTimestamp();
    private long _firstSign;
    private long _lastSign;
    private bool _signs;
    private TaskCompletionSource _woken = New();

    /// <summary>Whether there were signs since the last look began.</summary>
    public bool HasSigns => Next().Reason == LookReason.Change;

    /// <summary>Something may have changed. Safe from any thread.</summary>
    public void Notice()
    {
        lock (_gate)
        {
            _lastSign = time.GetTimestamp();
            if (!_signs)
            {
                _signs = true;
                _firstSign = _lastSign;
                _woken.SetResult();
            }
        }
    }

    /// <summary>A look begins: signs from now on are for the next one.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _lookedAt = time.GetTimestamp();
            if (_signs)
            {
                _signs = false;
                _woken = New();
            }
        }
    }

    /// <summary>How long until the next look, if nothing else happens, and its reason; zero when it is due.</summary>
    public (TimeSpan Wait, LookReason Reason) Next()
    {
        lock (_gate)
        {
            if (!_signs)
            {
                return (Left(_lookedAt, options.Poll), LookReason.Poll);
            }

            var quiet = Left(_lastSign, options.Quiet);
            var latest = Left(_firstSign, options.LongestNoise);
            return (quiet < latest ? quiet : latest, LookReason.Change);
        }
    }

    /// <summary>Waits until a look is due.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<LookReason> DueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (wait, reason) = Next();
            if (wait == TimeSpan.Zero)
            {
                return reason;
            }

            // Once there are signs only time counts; before that the first sign ends the wait.
            var next = reason == LookReason.Poll ? Sign().WaitAsync(wait, time, cancellationToken) : Task.Delay(wait, time, cancellationToken);
            await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task Sign()
    {
        lock (_gate)
        {
            return _woken.Task;
        }
    }

    private TimeSpan Left(long since, TimeSpan period)
    {
        var left = period - time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
