using System.Collections.Concurrent;
using Talon.Actors.Telemetry;

namespace Talon.Actors.Tests;

/// <summary>A log that keeps its lines.</summary>
public sealed class KeptLog : ITalonLog
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    public void Write(LogLine line) => _lines.Enqueue(line);
}
