namespace Talon.Actors.Actionners.Functions.Lambda;

/// <summary>How a function is called. The names are those of AWS.</summary>
internal enum LambdaInvocation
{
    /// <summary>The answer of the function is waited for.</summary>
    RequestResponse = 0,

    /// <summary>AWS queues the call and answers at once.</summary>
    Event = 1,

    /// <summary>AWS only tells whether the call would be allowed.</summary>
    DryRun = 2,
}
