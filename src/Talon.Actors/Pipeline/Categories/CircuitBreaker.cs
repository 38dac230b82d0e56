namespace Talon.Actors.Pipeline.Categories;

/// <summary>
/// Decides from what attempts learnt of the outside system whether more of them make sense: opens after 5 in a row within 30 s that did not
/// reach it. Plain data without actors; starts open, for nothing is known of the system yet.
/// </summary>
internal sealed class CircuitBreaker(TimeProvider clock)
{
    public const int FailuresThatOpen = 5;
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly Queue<long> _failures = new();

    public CircuitState State { get; private set; } = CircuitState.Open;

    /// <summary>One attempt reached the system, or did not. True when that opened the circuit.</summary>
    public bool Note(bool reached)
    {
        if (reached)
        {
            _failures.Clear();
            if (State == CircuitState.HalfOpen)
            {
                State = CircuitState.Closed;
            }

            return false;
        }

        if (State == CircuitState.Open)
        {
            return false; // of an attempt that began before it opened
        }

        _failures.Enqueue(clock.GetTimestamp());
        while (_failures.Count > 0 && clock.GetElapsedTime(_failures.Peek()) > Window)
        {
            _failures.Dequeue();
        }

        if (State == CircuitState.Closed && _failures.Count < FailuresThatOpen)
        {
            return false;
        }

        _failures.Clear();
        State = CircuitState.Open;
        return true;
    }

    /// <summary>The system gave a sign of life.</summary>
    /// <param name="first">Whether it is the first since the start; then no attempt has failed yet, and none has to prove anything.</param>
    public void SignOfLife(bool first)
    {
        if (State == CircuitState.Open)
        {
            State = first ? CircuitState.Closed : CircuitState.HalfOpen;
        }
    }
}
