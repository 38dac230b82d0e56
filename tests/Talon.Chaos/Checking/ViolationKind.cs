namespace Talon.Chaos.Checking;

/// <summary>Which promise is broken.</summary>
internal enum ViolationKind
{
    /// <summary>An accepted event, an effect that was reported, or a fact of the journal is missing.</summary>
    Lost = 0,

    /// <summary>Something was accepted, started, finished or done twice.</summary>
    Doubled,

    /// <summary>An effect that belongs to no accepted event, or to no attempt that was started.</summary>
    Stray,

    /// <summary>What was done is not what the plan of the event says.</summary>
    PlanBroken,

    /// <summary>The outcome in the journal does not say what happened.</summary>
    Misreported,

    /// <summary>An effect came before its <c>Started</c>.</summary>
    OutOfOrder,
}
