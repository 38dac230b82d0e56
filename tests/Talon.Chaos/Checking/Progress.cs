using System.Globalization;
using Talon.Chaos.Records;
using Talon.Rules.Outcomes;

namespace Talon.Chaos.Checking;

/// <summary>
/// How long work waited. Only events count that were answered with 200 in the end and were done: every action succeeded and seen by the
/// stand-in. (A request that lies in the socket of a frozen node is acted upon when that wakes up; nobody was promised anything.) The clock of an
/// event begins with its first posting, also when that was refused or cut off, and ends with its last effect.
/// </summary>
internal sealed class Progress
{
    private readonly IReadOnlyList<Span> _spans;

    private Progress(IReadOnlyList<Span> spans) => _spans = spans;

    /// <summary>The longest time from the first posting of an event to its effect.</summary>
    public TimeSpan Slowest => _spans.Count == 0 ? TimeSpan.Zero : _spans.Max(s => s.Done - s.Posted);

    /// <summary>The median of those times.</summary>
    public TimeSpan Median => MedianOf([.. _spans.Select(s => s.Done - s.Posted)]);

    /// <summary>The longest span in which a bucket had work waiting and none of it was done.</summary>
    public TimeSpan LongestStall => _spans.GroupBy(s => s.Bucket, StringComparer.Ordinal).Select(StallOf).DefaultIfEmpty().Max();

    public static Progress Of(RunRecord run)
    {
        var first = run.Answers.GroupBy(a => a.Number).ToDictionary(g => g.Key, g => g.Min(a => a.SentAt));
        var accepted = run.Answers.Where(a => a.Kind == AnswerKind.Accepted).Select(a => a.Number).ToHashSet();
        var uids = run.Events.ToDictionary(e => e.Number, e => e.Uid);
        var effects = run.Effects.GroupBy(e => e.Uid, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Max(e => e.Time), StringComparer.Ordinal);
        var spans = new List<Span>();
        foreach (var e in JournalledEvent.Of(run.Journal))
        {
            if (e.Number is { } number
                && accepted.Contains(number)
                && first.TryGetValue(number, out var posted)
                && uids.TryGetValue(number, out string? uid)
                && effects.TryGetValue(uid, out var done)
                && e.Actions.All(a => e.FinishedOf(a.Position) is [{ Outcome: ActionOutcome.Succeeded }, ..]))
            {
                spans.Add(new Span(number, e.Bucket, posted, DateTimeOffset.FromUnixTimeMilliseconds(e.Accepted.At), done));
            }
        }

        return new Progress(spans);
    }

    /// <summary>
    /// The longest time that an event waited after a fault: from the fault, or from its first posting if that was later, to its effect. What it
    /// waits beyond the next fault is that one's.
    /// </summary>
    /// <param name="fault">When the fault was.</param>
    /// <param name="next">When the next one was; null when there was none.</param>
    public TimeSpan After(DateTimeOffset fault, DateTimeOffset? next) => _spans
        .Where(s => s.Done > fault && (next is null || s.Posted < next))
        .Select(s => (s.Done < next || next is null ? s.Done : next.Value) - (s.Posted > fault ? s.Posted : fault))
        .DefaultIfEmpty()
        .Max();

    /// <summary>The events that took longest, the longest first, each with its bucket and times.</summary>
    public IEnumerable<string> SlowestEvents(int count) => _spans
        .OrderByDescending(s => s.Done - s.Posted)
        .Take(count)
        .Select(s => string.Create(
            CultureInfo.InvariantCulture, $"{ChaosEvent.OutputOf(s.Number)} in {s.Bucket}: posted {s.Posted:HH:mm:ss.fff}, accepted {s.Accepted:HH:mm:ss.fff}, done {s.Done:HH:mm:ss.fff}"));

    public static TimeSpan MedianOf(IReadOnlyList<TimeSpan> times)
    {
        if (times.Count == 0)
        {
            return TimeSpan.Zero;
        }

        var sorted = times.Order().ToList();
        int middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    // Between two effects of a bucket nothing gets done, so that whatever waits at the end of that span has waited since it came.
    private static TimeSpan StallOf(IEnumerable<Span> bucket)
    {
        var spans = bucket.OrderBy(s => s.Done).ToList();
        var longest = TimeSpan.Zero;
        var last = DateTimeOffset.MinValue;
        for (int i = 0; i < spans.Count; i++)
        {
            var waiting = spans.Skip(i).Min(s => s.Posted);
            var stall = spans[i].Done - (waiting > last ? waiting : last);
            longest = stall > longest ? stall : longest;
            last = spans[i].Done;
        }

        return longest;
    }

    private sealed record Span(int Number, string Bucket, DateTimeOffset Posted, DateTimeOffset Accepted, DateTimeOffset Done);
}
