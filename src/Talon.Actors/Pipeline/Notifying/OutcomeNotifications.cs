using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>Tells people of each final outcome when it is committed, as the log does.</summary>
internal sealed class OutcomeNotifications(NotificationHub hub, bool dryRun) : IFactSink
{
    public void Committed(EventState state, IFact fact)
    {
        if (fact is Facts.Finished finished)
        {
            foreach (var notification in NotificationMaker.Make(state, finished, dryRun))
            {
                hub.Notify(notification, state.RuleOf(finished.Position).Notifiers);
            }
        }
    }
}
