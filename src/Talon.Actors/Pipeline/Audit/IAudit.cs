using Talon.Actors.Pipeline.Events;
using Talon.Cluster.Protocol;
using Talon.Rules.Planning;

namespace Talon.Actors.Pipeline.Audit;

/// <summary>The last stage: is told every committed fact and makes log lines and metrics of it. Never in the way of an action.</summary>
public interface IAudit
{
    /// <summary>An event was accepted.</summary>
    /// <param name="state">The event.</param>
    void Accepted(EventState state);

    /// <summary>An attempt is about to write.</summary>
    /// <param name="state">The event.</param>
    /// <param name="fact">The fact.</param>
    void Started(EventState state, Facts.Started fact);

    /// <summary>An action is over.</summary>
    /// <param name="state">The event after the fact.</param>
    /// <param name="fact">The fact.</param>
    void Finished(EventState state, Facts.Finished fact);

    /// <summary>An attempt failed and will be repeated.</summary>
    /// <param name="state">The event after the fact.</param>
    /// <param name="fact">The fact.</param>
    void Retried(EventState state, Facts.RetryScheduled fact);

    /// <summary>A recovered event is worked on again.</summary>
    /// <param name="state">The event after the fact.</param>
    /// <param name="fact">The fact.</param>
    void Resumed(EventState state, Facts.Resumed fact);

    /// <summary>An action has got its slot: the time from the event's acceptance to here is what the histogram shows.</summary>
    /// <param name="state">The event.</param>
    /// <param name="action">The action.</param>
    void Beginning(EventState state, PlannedAction action);

    /// <summary>A bucket, a category or a runner has something to say that is no fact of an event.</summary>
    /// <param name="category">The category or part.</param>
    /// <param name="error">What is wrong; null when it is right again.</param>
    /// <param name="result">What happened.</param>
    void Health(string category, string? error, string? result);
}
