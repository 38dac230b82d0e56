using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Actors.Pipeline.Intake;

/// <summary>The door of the pipeline: takes a matched event and answers once it is durably accepted, or says why not.</summary>
public interface IIntake
{
    /// <summary>
    /// Hands the event to its bucket. Tries for up to 25 s under one delivery id, so that retries cannot accept it twice.
    /// </summary>
    /// <param name="named">The volatile fields that count for its identity, because a matching rule names them.</param>
    /// <param name="traceId">The id to follow it by, 32 hex digits.</param>
    /// <param name="cancellationToken">The sender has gone: stop trying.</param>
    Task<IntakeResult> AcceptAsync(FalcoEvent falcoEvent, EventPlan plan, VolatileSet named, string traceId, CancellationToken cancellationToken);
}
