namespace Talon.Actors.Actionners.Functions.Lambda;

/// <summary>How a function is called. The names are those of AWS.</summary>
internal enum LambdaInvocation
{
    /// <summary>Talon waits for the answer of the function.</summary>
    RequestResponse = 0,

    /// <summary>AWS queues the call and answers at once.</summary>
    Event = 1,

    /// <summary>AWS only tells whether the call would be allowed.</summary>
    DryRun = 2,
}
