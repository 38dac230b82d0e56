using Talon.Actors.Pipeline.Events;
using Talon.Cluster.Protocol;

namespace Talon.Actors.Pipeline.Audit;

/// <summary>Tells an audit of facts whose kind the caller does not care about.</summary>
internal static class AuditExtensions
{
    public static void Tell(this IAudit audit, EventState state, Facts.AboutEvent fact)
    {
        switch (fact)
        {
            case Facts.Started started:
                audit.Started(state, started);
                break;
            case Facts.Finished finished:
                audit.Finished(state, finished);
                break;
            case Facts.RetryScheduled retry:
                audit.Retried(state, retry);
                break;
            case Facts.Resumed resumed:
                audit.Resumed(state, resumed);
                break;
        }
    }
}
