using System.Globalization;

namespace Talon.Sandbox;

/// <summary>
/// Puts what several witnesses saw into one order and prints it. Their reports come late by a moment, so a line is held back
/// until nobody can bring an earlier one.
/// </summary>
internal sealed class Timeline(Screen screen, TimeProvider time)
{
    private static readonly TimeSpan HeldBack = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _explained = new(StringComparer.Ordinal);
    private readonly List<TimelineEntry> _waiting = [];
    private DateTimeOffset _start;
    private DateTimeOffset _last;

    public void Add(TimelineEntry entry)
    {
        lock (_gate)
            _waiting.Add(entry);
    }

    /// <summary>Prints what is old enough.</summary>
    public void Print() => PrintUntil(time.GetUtcNow() - HeldBack);

    /// <summary>Prints all.</summary>
    public void PrintAll() => PrintUntil(DateTimeOffset.MaxValue);

    private void PrintUntil(DateTimeOffset limit)
    {
        lock (_gate)
        {
            foreach (var entry in _waiting.Where(e => e.Time <= limit).OrderBy(e => e.Time).ThenBy(e => e.Kind).ToList())
            {
                _waiting.Remove(entry);
                Print(entry);
            }
        }
    }

    private void Print(TimelineEntry entry)
    {
        if (entry.Time - _last > Pause)
            _start = entry.Time;
        _last = entry.Time;
        double elapsed = (entry.Time - _start).TotalMilliseconds;
        string head = string.Create(CultureInfo.InvariantCulture, $"{entry.Time.UtcDateTime:HH:mm:ss.fff} {$"+{elapsed:0}",6} ms");
        screen.Step(head, entry.Kind, entry.Text);
        // Each explanation once: the second event needs no lecture.
        if (entry.Meaning is { } meaning && _explained.Add(meaning))
            screen.Faint(new string(' ', head.Length + 12) + meaning);
    }
}
