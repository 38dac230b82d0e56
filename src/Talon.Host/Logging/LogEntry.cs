using Talon.Actors.Telemetry;

namespace Talon.Host.Logging;

/// <summary>A line with what the writer adds to it.</summary>
/// <param name="Logger">The name of the framework's logger; null for Talon's own lines.</param>
internal readonly record struct LogEntry(LogLine Line, DateTimeOffset Time, string? Logger)
{
    /// <summary>About how many characters the entry keeps alive.</summary>
    public int Size =>
        64 + (Line.Output?.Length ?? 0) + (Line.Event?.Length ?? 0) + (Line.Rule?.Length ?? 0) + (Line.Error?.Length ?? 0)
        + (Line.Result?.Length ?? 0) + (Line.Source?.Length ?? 0) + (Line.Priority?.Length ?? 0);
}
