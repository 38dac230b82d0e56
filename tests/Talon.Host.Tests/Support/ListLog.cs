using System.Collections.Concurrent;
using Talon.Actors.Telemetry;

namespace Talon.Host.Tests.Support;

internal sealed class ListLog : ITalonLog
{
    public ConcurrentQueue<LogLine> Lines { get; } = new();

    public void Write(LogLine line) => Lines.Enqueue(line);
}
