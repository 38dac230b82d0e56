using Talon.Actors.Pipeline.Audit;
using Talon.Actors.Pipeline.Events;
using Talon.Cluster.Protocol;
using Talon.Rules.Planning;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>The audit trail with notifications behind it: people hear of an outcome when it is journalled, as the log does.</summary>
internal sealed class NotifyingAudit(IAudit inner, NotificationHub hub, bool dryRun) : IAudit
{
    public void Finished(EventState state, Facts.Finished fact)
    {
        inner.Finished(state, fact);
        hub.Notify(NotificationMaker.Make(state, fact, dryRun), state.RuleOf(fact.Position).Notifiers);
    }

    public void Accepted(EventState state) => inner.Accepted(state);

    public void Started(EventState state, Facts.Started fact) => inner.Started(state, fact);

    public void Retried(EventState state, Facts.RetryScheduled fact) => inner.Retried(state, fact);

    public void Resumed(EventState state, Facts.Resumed fact) => inner.Resumed(state, fact);

    public void Beginning(EventState state, PlannedAction action) => inner.Beginning(state, action);

    public void Health(string category, string? error, string? result) => inner.Health(category, error, result);
}
