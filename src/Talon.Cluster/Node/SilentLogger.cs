using Akka.Event;

namespace Talon.Cluster.Node;

/// <summary>
/// Stands in for Akka's own writer to standard output, which it takes up again when the system stops: standard output belongs to
/// Talon's log, where every line has one form.
/// </summary>
internal sealed class SilentLogger : MinimalLogger
{
    protected override void Log(object message)
    {
    }
}
