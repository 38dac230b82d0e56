using Talon.Actors.Pipeline.Events;
using Talon.Actors.Telemetry;
using Talon.Cluster.Protocol;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Pipeline.Audit;

/// <summary>Makes the log lines and the metrics of Falco Talon out of committed facts.</summary>
public sealed class AuditTrail : IAudit
{
    private readonly ITalonLog _log;
    private readonly TalonMeters _meters;
    private readonly TimeProvider _clock;
    private readonly bool _eventsAreLogged;

    /// <summary>Makes the trail.</summary>
    /// <param name="log">Where the lines go.</param>
    /// <param name="meters">Where the numbers go.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="eventsAreLogged">Whether the ingress logs every event already (<c>print_all_events</c>).</param>
    public AuditTrail(ITalonLog log, TalonMeters meters, TimeProvider clock, bool eventsAreLogged)
    {
        _log = log;
        _meters = meters;
        _clock = clock;
        _eventsAreLogged = eventsAreLogged;
    }

    /// <inheritdoc/>
    public void Accepted(EventState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var falcoEvent = state.Accepted.Event;
        var line = new LogLine("event")
        {
            Event = falcoEvent.Rule,
            Priority = falcoEvent.PriorityText,
            Source = falcoEvent.Source,
            Output = falcoEvent.Output,
            TraceId = state.Accepted.TraceId,
            EventKey = state.Key,
        };
        if (!_eventsAreLogged)
        {
            _log.Write(line);
        }

        foreach (var rule in state.Accepted.Plan.Rules)
        {
            _meters.EventMatched(rule.Name, falcoEvent);
            _log.Write(line with { Message = "match", Rule = rule.Name });
        }
    }

    /// <inheritdoc/>
    public void Started(EventState state, Facts.Started fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        _log.Write(ActionLine(state, fact.Position, fact.Attempt) with { Status = "in_progress" });
    }

    /// <inheritdoc/>
    public void Finished(EventState state, Facts.Finished fact)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(fact);
        var action = state.ActionAt(fact.Position);
        _meters.ActionFinished(
            state.RuleOf(fact.Position).Name, action.Name, action.Actionner.ToString(), fact.Outcome.Status, state.Accepted.Event.Rule);
        var line = ActionLine(state, fact.Position, fact.Attempt) with { Status = fact.Outcome.Status, Objects = fact.Outcome.Objects };
        _log.Write(fact.Outcome switch
        {
            ActionOutcome.Succeeded success => line with { Output = success.Output },
            ActionOutcome.Ignored ignored => line with { Result = ignored.Reason },
            ActionOutcome.Failed failed => line with { Level = LogLineLevel.Error, Error = failed.Reason, Result = Word(failed.Kind) },
            _ => line,
        });
    }

    /// <inheritdoc/>
    public void Retried(EventState state, Facts.RetryScheduled fact)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(fact);
        _meters.ActionRetried(state.ActionAt(fact.Position).Actionner.ToString());
        _log.Write(ActionLine(state, fact.Position, fact.Attempt) with
        {
            Level = LogLineLevel.Warn,
            Status = "retry",
            Error = fact.Reason,
            Result = $"next attempt in {fact.DelayMs} ms",
        });
    }

    /// <inheritdoc/>
    public void Resumed(EventState state, Facts.Resumed fact)
    {
        ArgumentNullException.ThrowIfNull(state);
        _log.Write(new LogLine("resume")
        {
            Level = LogLineLevel.Warn,
            Event = state.Accepted.Event.Rule,
            TraceId = state.Accepted.TraceId,
            EventKey = state.Key,
            Result = $"goes on after a restart ({state.Resumes} of {EventState.MaxResumes} without progress)",
        });
    }

    /// <inheritdoc/>
    public void Beginning(EventState state, PlannedAction action)
    {
        ArgumentNullException.ThrowIfNull(state);
        _meters.EventToAction(_clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(state.Accepted.At));
    }

    /// <inheritdoc/>
    public void Health(string category, string? error, string? result) => _log.Write(new LogLine("health")
    {
        Level = error is null ? LogLineLevel.Info : LogLineLevel.Error,
        Category = category,
        Status = error is null ? "success" : "failure",
        Error = error,
        Result = result,
    });

    private static LogLine ActionLine(EventState state, int position, int attempt)
    {
        var action = state.ActionAt(position);
        return new LogLine("action")
        {
            Rule = state.RuleOf(position).Name,
            Event = state.Accepted.Event.Output,
            Action = action.Name,
            Actionner = action.Actionner.ToString(),
            TraceId = state.Accepted.TraceId,
            EventKey = state.Key,
            Attempt = attempt,
        };
    }

    // One lower-case word per kind, as in "failure kind connection_lost": what a person greps for.
    private static string Word(FailureKind kind) => string.Concat(
        kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
