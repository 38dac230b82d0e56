using System.Collections.Concurrent;
using Talon.Actors.Telemetry;

namespace Talon.Host.Ingress;

/// <summary>Says in the log that requests were refused: at once, then at most every 10 s for each cause, with how many there were.</summary>
internal sealed class RefusalLog(ITalonLog log, TimeProvider time)
{
    /// <summary>How often one cause may speak.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    // Causes are constants of ours: there are few.
    private readonly ConcurrentDictionary<string, Cause> _causes = new(StringComparer.Ordinal);

    /// <summary>A request was refused.</summary>
    /// <param name="cause">The constant word of the metric.</param>
    /// <param name="reason">The line that the sender got.</param>
    public void Record(string cause, string reason)
    {
        var state = _causes.GetOrAdd(cause, static _ => new Cause());
        int count;
        lock (state)
        {
            state.Count++;
            if (state.SpokeAt is { } spokeAt && time.GetElapsedTime(spokeAt) < Quiet)
            {
                return;
            }

            state.SpokeAt = time.GetTimestamp();
            count = state.Count;
            state.Count = 0;
        }

        log.Write(new LogLine("http")
        {
            Level = LogLineLevel.Warn,
            Status = "refused",
            Result = $"{count} request(s), cause {cause}",
            Error = reason,
        });
    }

    private sealed class Cause
    {
        public int Count { get; set; }

        public long? SpokeAt { get; set; }
    }
}
