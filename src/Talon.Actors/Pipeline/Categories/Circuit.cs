namespace Talon.Actors.Pipeline.Categories;

/// <summary>Whether actions of a category are let through to the outside system.</summary>
public enum CircuitState
{
    /// <summary>They are.</summary>
    Closed = 0,

    /// <summary>One at a time is: the system has given a sign of life, and the first action that reaches it closes the circuit.</summary>
    HalfOpen = 1,

    /// <summary>None is; the system is asked for a sign of life with backoff.</summary>
    Open = 2,
}
