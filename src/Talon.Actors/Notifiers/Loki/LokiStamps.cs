using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Loki;

/// <summary>
/// The time stamps of records: the time of the record, with nanoseconds that tell apart those of the same millisecond. A record keeps its own for as
/// long as it is among the last 1,000, which is longer than it is tried: Loki takes the same line with the same stamp once. Not for several threads.
/// </summary>
internal sealed class LokiStamps
{
    private const int MostKept = 1000;
    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly Dictionary<string, long> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<long> _taken = [];
    private readonly Queue<string> _order = new();

    /// <summary>The stamp of a record, in nanoseconds since 1970.</summary>
    public long Of(Notification record)
    {
        if (_byId.TryGetValue(record.Id, out long known))
        {
            return known;
        }

        long stamp = record.At.ToUnixTimeMilliseconds() * NanosecondsPerMillisecond;
        while (!_taken.Add(stamp))
        {
            stamp++;
        }

        _byId.Add(record.Id, stamp);
        _order.Enqueue(record.Id);
        if (_order.Count > MostKept && _byId.Remove(_order.Dequeue(), out long oldest))
        {
            _taken.Remove(oldest);
        }

        return stamp;
    }
}
