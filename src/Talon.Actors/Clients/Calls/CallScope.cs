namespace Talon.Actors.Clients.Calls;

/// <summary>
/// The leave to call the outside world, given to one attempt of one action. Every port asks it right before each request;
/// a process that was frozen past its deadline, or whose node has left the cluster, is stopped there.
/// </summary>
public sealed class CallScope
{
    private readonly TimeProvider _clock;
    private readonly long _deadline;
    private readonly Func<bool> _nodeIsUp;
    private readonly CallScope? _outer;
    private readonly Func<string?>? _condition;
    private readonly Func<TimeSpan>? _left;
    private volatile int _reached;
    private volatile string? _remark;

    /// <summary>Makes a scope whose deadline is counted from now on the monotonic clock.</summary>
    /// <param name="clock">The clock; its time stamp is monotonic.</param>
    /// <param name="timeout">How long the attempt may take.</param>
    /// <param name="nodeIsUp">Whether this node is still an Up member of its cluster.</param>
    /// <param name="token">Ends with the deadline or when the attempt is stopped.</param>
    public CallScope(TimeProvider clock, TimeSpan timeout, Func<bool> nodeIsUp, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(nodeIsUp);
        _clock = clock;
        _deadline = clock.GetTimestamp() + (long)(timeout.TotalSeconds * clock.TimestampFrequency);
        _nodeIsUp = nodeIsUp;
        Token = token;
    }

    private CallScope(CallScope outer, Func<string?> condition, Func<TimeSpan>? left)
    {
        _clock = outer._clock;
        _deadline = outer._deadline;
        _nodeIsUp = outer._nodeIsUp;
        _outer = outer;
        _condition = condition;
        _left = left;
        Token = outer.Token;
    }

    /// <summary>Ends with the deadline or when the attempt is stopped. Every wait takes it.</summary>
    public CancellationToken Token { get; }

    /// <summary>
    /// Whether the outside system itself was reached by the last request that could tell: any answer about an object says yes;
    /// no connection, no TLS, no answer in time and a 503 say no. Null while nothing is known.
    /// </summary>
    public bool? Reached => _reached switch
    {
        > 0 => true,
        < 0 => false,
        _ => null,
    };

    /// <summary>Takes note of <see cref="Reached"/>. Ports do it after each request.</summary>
    /// <param name="reached">Whether it was reached.</param>
    public void Note(bool reached)
    {
        _reached = reached ? 1 : -1;
        _outer?.Note(reached);
    }

    /// <summary>The time left until the deadline, or until a shorter turn is over; zero when it has passed.</summary>
    public TimeSpan Left
    {
        get
        {
            var own = _left?.Invoke() ?? _clock.GetElapsedTime(_clock.GetTimestamp(), _deadline);
            var least = _outer is { Left: var outer } && outer < own ? outer : own;
            return least > TimeSpan.Zero ? least : TimeSpan.Zero;
        }
    }

    /// <summary>What the outcome of the attempt says beside its own words, one clause; null for nothing. See <see cref="Say"/>.</summary>
    public string? Remark => _remark;

    /// <summary>Has the outcome of the attempt say something beside its own words, where it is one. The last word counts.</summary>
    /// <param name="remark">One clause; null takes back what was said.</param>
    public void Say(string? remark)
    {
        _remark = remark;
        _outer?.Say(remark);
    }

    /// <summary>The same leave, bound to one more condition.</summary>
    /// <param name="refusal">Why no request may be sent any more; null while it may. Asked right before each request.</param>
    /// <param name="left">How long the condition still holds at most; null where that is not known.</param>
    public CallScope While(Func<string?> refusal, Func<TimeSpan>? left = null)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new CallScope(this, refusal, left);
    }

    /// <summary>
    /// Leave to take away what this attempt made, whether or not its time is over or its node is still Up: a deadline of its own,
    /// counted from now. Only for requests that carry the uid of what was made, so that they can never hit anything else.
    /// </summary>
    /// <param name="timeout">How long that may take.</param>
    /// <param name="token">Ends with that time.</param>
    public CallScope ForCleanup(TimeSpan timeout, CancellationToken token) => new(_clock, timeout, static () => true, token);

    /// <summary>Why no request may be sent any more; null while it may.</summary>
    public string? Refusal()
    {
        if (_outer is not null)
        {
            return _outer.Refusal() ?? _condition?.Invoke();
        }

        if (_clock.GetTimestamp() >= _deadline)
        {
            return "the deadline of the action has passed";
        }

        return _nodeIsUp() ? null : "this node is no longer Up in its cluster";
    }
}
