using Talon.Actors.Pipeline.State;
using Talon.Actors.Telemetry;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Pipeline.Sinks;

/// <summary>Makes the log lines of Falco Talon out of committed facts.</summary>
/// <param name="eventsAreLogged">Whether the ingress logs every event already (<c>print_all_events</c>).</param>
internal sealed class FactLog(ITalonLog log, bool eventsAreLogged) : IFactSink
{
    public void Committed(EventState state, IFact fact)
    {
        switch (fact)
        {
            case Facts.Accepted accepted:
                Accepted(state, accepted);
                break;
            case Facts.Started started:
                log.Write(ActionLine(state, started.Position, started.Attempt) with { Status = "in_progress" });
                break;
            case Facts.Finished finished:
                Finished(state, finished);
                break;
            case Facts.RetryScheduled retry:
                log.Write(ActionLine(state, retry.Position, retry.Attempt) with
                {
                    Level = LogLineLevel.Warn,
                    Status = "retry",
                    Error = retry.Reason,
                    Result = $"next attempt in {retry.DelayMs} ms",
                });
                break;
            case Facts.Resumed:
                Resumed(state);
                break;
        }
    }

    private void Accepted(EventState state, Facts.Accepted fact)
    {
        var line = new LogLine("event")
        {
            Event = fact.Event.Rule,
            Priority = fact.Event.PriorityText,
            Source = fact.Event.Source,
            Output = fact.Event.Output,
            TraceId = fact.TraceId,
            EventKey = state.Key,
        };
        if (!eventsAreLogged)
        {
            log.Write(line);
        }

        foreach (var rule in fact.Plan.Rules)
        {
            log.Write(line with { Message = "match", Rule = rule.Name });
        }
    }

    private void Finished(EventState state, Facts.Finished fact)
    {
        var line = ActionLine(state, fact.Position, fact.Attempt) with { Status = fact.Outcome.Status, Objects = fact.Outcome.Objects };
        log.Write(fact.Outcome switch
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
            ArtifactFinished(state, fact.Position, artifact);
        }
    }

    private void ArtifactFinished(EventState state, int position, ArtifactReport artifact)
    {
        var action = state.ActionAt(position);
        log.Write(new LogLine("output")
        {
            Level = artifact.Stored ? LogLineLevel.Info : LogLineLevel.Error,
            Rule = state.RuleOf(position).Name,
            Category = artifact.Target.Split(':')[0],
            OutputTarget = artifact.Target,
            Action = action.Name,
            Actionner = action.Actionner.ToString(),
            Status = artifact.Stored ? "success" : "failure",
            Output = artifact.Stored ? artifact.Text : null,
            Error = artifact.Stored ? null : artifact.Text,
            Objects = artifact.Objects,
            TraceId = state.Accepted.TraceId,
            EventKey = state.Key,
        });
    }

    private void Resumed(EventState state) => log.Write(new LogLine("resume")
    {
        Level = LogLineLevel.Warn,
        Event = state.Accepted.Event.Rule,
        TraceId = state.Accepted.TraceId,
        EventKey = state.Key,
        Result = state.ResumesByLast > 1
            ? $"goes on after its bucket began anew ({state.ResumesByLast} of {EventState.MaxResumesByOne} in this process without progress)"
            : $"goes on after a restart ({state.Resumes} of {EventState.MaxResumes} without progress)",
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
}
