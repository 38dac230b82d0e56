namespace Talon.Actors.Telemetry;

/// <summary>Where Talon's own log lines go. Never blocks and never throws; what cannot be written is counted.</summary>
public interface ITalonLog
{
    /// <summary>Writes one line.</summary>
    /// <param name="line">The line.</param>
    void Write(LogLine line);
}
