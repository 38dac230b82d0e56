using Talon.Actors.Telemetry;

namespace Talon.Host.Reload;

/// <summary>Logs once when the rule files have kept changing for too long.</summary>
internal sealed class UnsteadyFiles(TimeSpan longest, ITalonLog log, TimeProvider time)
{
    private long? _since;
    private bool _told;

    /// <summary>Records a reading.</summary>
    /// <param name="unsteady">Whether it differs from the one before.</param>
    /// <returns><paramref name="unsteady"/>, as it was given.</returns>
    public bool Tell(bool unsteady)
    {
        if (!unsteady)
        {
            _since = null;
            _told = false;
            return false;
        }

        _since ??= time.GetTimestamp();
        if (!_told && time.GetElapsedTime(_since.Value) >= longest)
        {
            _told = true;
            log.Write(new LogLine("rules")
            {
                Level = LogLineLevel.Warn,
                Result = $"the rule files have changed during every look for {longest.TotalSeconds:0} s: they are loaded once they stay as they are",
            });
        }

        return true;
    }
}
