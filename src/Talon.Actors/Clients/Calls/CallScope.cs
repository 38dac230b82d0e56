namespace Talon.Actors.Clients.Calls;

/// <summary>
/// What one attempt of an action may still call, and until when. Every port asks it right before each request: a process that was
/// frozen past its deadline, or whose node has left the cluster, sends nothing more.
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
    /// <param name="nodeIsUp">Whether this node is still an Up member of its cluster.</param>
    public CallScope(TimeProvider clock, TimeSpan timeout, Func<bool> nodeIsUp, CancellationToken token)
    {
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

    /// <summary>Records <see cref="Reached"/>. Ports do so after each request.</summary>
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

    /// <summary>One clause that the outcome of the attempt adds to its own words; null for none. See <see cref="Say"/>.</summary>
    public string? Remark => _remark;

    /// <summary>Adds one clause to the outcome of the attempt. The last one counts; null takes it back.</summary>
    public void Say(string? remark)
    {
        _remark = remark;
        _outer?.Say(remark);
    }

    /// <summary>The same scope, bound to one more condition.</summary>
    /// <param name="refusal">Why no request may be sent any more; null while it may. Asked right before each request.</param>
    /// <param name="left">How much longer the condition can hold; null where that is not known.</param>
    public CallScope While(Func<string?> refusal, Func<TimeSpan>? left = null) => new(this, refusal, left);

    /// <summary>
    /// A scope to remove what this attempt made, even when its time is over or its node is no longer Up. Its deadline is counted from
    /// now. Only for requests that carry the uid of what was made, so that they can never hit anything else.
    /// </summary>
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
