using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;

namespace Talon.Actors.Pipeline.Sinks;

/// <summary>Counts committed facts.</summary>
internal sealed class FactMeters(TalonMeters meters) : IFactSink
{
    public void Committed(EventState state, IFact fact)
    {
        switch (fact)
        {
            case Facts.Accepted accepted:
                foreach (var rule in accepted.Plan.Rules)
                {
                    meters.EventMatched(rule.Name, accepted.Event);
                }

                break;
            case Facts.RetryScheduled retry:
                meters.ActionRetried(state.ActionAt(retry.Position).Actionner.ToString());
                break;
            case Facts.Finished finished:
                Finished(state, finished);
                break;
        }
    }

    private void Finished(EventState state, Facts.Finished fact)
    {
        var action = state.ActionAt(fact.Position);
        string rule = state.RuleOf(fact.Position).Name;
        meters.ActionFinished(rule, action.Name, action.Actionner.ToString(), fact.Outcome.Status, state.Accepted.Event.Rule);
        if (fact.Outcome.Artifact is { } artifact)
        {
            meters.OutputFinished(rule, action.Name, artifact.Target.Split(':')[0], artifact.Target, artifact.Stored ? "success" : "failure");
        }
    }
}
