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
            ActionOutcome.Succeeded => line with { Output = OutcomeText.Of(fact.Outcome) },
            ActionOutcome.Ignored => line with { Result = OutcomeText.Of(fact.Outcome) },
            ActionOutcome.Failed failed => line with
            {
                Level = LogLineLevel.Error,
                Error = OutcomeText.Of(failed),
                Result = OutcomeText.Word(failed.Kind),
            },
            _ => line,
        });
        if (fact.Outcome.Artifact is { } artifact)
        {
            ArtifactFinished(state, fact, artifact);
        }
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
            Result = state.ResumesByLast > 1
                ? $"goes on after its bucket began anew ({state.ResumesByLast} of {EventState.MaxResumesByOne} in this process without progress)"
                : $"goes on after a restart ({state.Resumes} of {EventState.MaxResumes} without progress)",
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

    private void ArtifactFinished(EventState state, Facts.Finished fact, ArtifactReport artifact)
    {
        var action = state.ActionAt(fact.Position);
        string rule = state.RuleOf(fact.Position).Name;
        string category = artifact.Target.Split(':')[0];
        string status = artifact.Stored ? "success" : "failure";
        _meters.OutputFinished(rule, action.Name, category, artifact.Target, status);
        _log.Write(new LogLine("output")
        {
            Level = artifact.Stored ? LogLineLevel.Info : LogLineLevel.Error,
            Rule = rule,
            Category = category,
            OutputTarget = artifact.Target,
            Action = action.Name,
            Actionner = action.Actionner.ToString(),
            Status = status,
            Output = artifact.Stored ? artifact.Text : null,
            Error = artifact.Stored ? null : artifact.Text,
            Objects = artifact.Objects,
            TraceId = state.Accepted.TraceId,
            EventKey = state.Key,
        });
    }
}
