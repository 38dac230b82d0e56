using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;

namespace Talon.Actors.Pipeline.Sinks;

/// <summary>
/// Is told every committed fact about an event, after everybody who works on the event: log, metrics, notifications. One class for each;
/// what one of them does never delays an action. Called by many buckets at a time; must not block or throw.
/// </summary>
internal interface IFactSink
{
    /// <summary>A fact is committed.</summary>
    /// <param name="state">The event after the fact.</param>
    /// <param name="fact">The fact, a <see cref="Facts.Accepted"/> or one about the event.</param>
    void Committed(EventState state, IFact fact);
}
