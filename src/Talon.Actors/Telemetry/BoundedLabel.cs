using System.Collections.Concurrent;

namespace Talon.Actors.Telemetry;

/// <summary>
/// Keeps a metric label that an event's sender chooses within bounds: the first distinct values pass, all later ones
/// become <see cref="Other"/>. So nobody can fill the memory or the scrape with made-up names.
/// </summary>
public sealed class BoundedLabel
{
    /// <summary>The value that stands for all that did not fit.</summary>
    public const string Other = "other";

    /// <summary>Longer values count as <see cref="Other"/>, in characters.</summary>
    public const int MaxLength = 128;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly int _limit;
    private int _count;

    /// <summary>Makes a label.</summary>
    /// <param name="limit">How many distinct values pass.</param>
    public BoundedLabel(int limit) => _limit = limit;

    /// <summary>The value to put on the metric: the given one, or <see cref="Other"/>. Empty and null give null: no label.</summary>
    /// <param name="value">The value as it came with the event.</param>
    public string? Of(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        if (_known.TryGetValue(value, out string? known))
        {
            return known;
        }

        if (value.Length > MaxLength || Volatile.Read(ref _count) >= _limit)
        {
            return Other;
        }

        if (!_known.TryAdd(value, value))
        {
            return value;
        }

        if (Interlocked.Increment(ref _count) <= _limit)
        {
            return value;
        }

        _known.TryRemove(value, out _);
        Interlocked.Decrement(ref _count);
        return Other;
    }
}
