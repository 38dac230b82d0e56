using Talon.Chaos.Records;
using Talon.Cluster.Wire;

namespace Talon.Chaos.Checking;

/// <summary>What must hold of the journal by itself.</summary>
internal static class JournalRules
{
    public static IEnumerable<Violation> Check(RunRecord run, IReadOnlyList<JournalledEvent> events) =>
    [
        .. Gaps(run.Journal),
        .. Orphans(run.Journal, events),
        .. AcceptedTwice(events, run.DuplicateWindow),
        .. DeliveredTwice(events),
    ];

    // A bucket's facts are numbered without a gap: one that is missing was committed and is gone, or was never replayed.
    private static IEnumerable<Violation> Gaps(IReadOnlyList<JournalEntry> journal)
    {
        foreach (var bucket in journal.GroupBy(entry => entry.Bucket, StringComparer.Ordinal))
        {
            long expected = 1;
            foreach (long sequence in bucket.Select(entry => entry.Sequence).Order())
            {
                if (sequence > expected)
                {
                    yield return new Violation(ViolationKind.Lost, bucket.Key, $"the facts {expected} to {sequence - 1} are missing");
                }
                else if (sequence < expected)
                {
                    yield return new Violation(ViolationKind.Doubled, bucket.Key, $"there are two facts {sequence}");
                }

                expected = sequence + 1;
            }
        }
    }

    private static IEnumerable<Violation> Orphans(IReadOnlyList<JournalEntry> journal, IReadOnlyList<JournalledEvent> events)
    {
        var known = events.Select(e => (e.Bucket, e.Sequence)).ToHashSet();
        return journal
            .Where(entry => entry.Fact is Facts.AboutEvent about && !known.Contains((entry.Bucket, about.Event)))
            .Select(entry => new Violation(ViolationKind.Lost, entry.Bucket, $"fact {entry.Sequence} is about an event that is not there: {entry.Fact}"));
    }

    private static IEnumerable<Violation> AcceptedTwice(IReadOnlyList<JournalledEvent> events, TimeSpan window)
    {
        foreach (var same in events.GroupBy(e => e.Accepted.EventId))
        {
            var times = same.OrderBy(e => e.Accepted.At).ToList();
            for (int i = 1; i < times.Count; i++)
            {
                long apart = times[i].Accepted.At - times[i - 1].Accepted.At;
                if (apart < (long)window.TotalMilliseconds)
                {
                    yield return new Violation(ViolationKind.Doubled, times[i].Subject, $"it was accepted at {times[i - 1].Sequence} already, {apart} ms before");
                }
            }
        }
    }

    private static IEnumerable<Violation> DeliveredTwice(IReadOnlyList<JournalledEvent> events) => events
        .GroupBy(e => e.Accepted.DeliveryId)
        .Where(same => same.Count() > 1)
        .Select(same => new Violation(
            ViolationKind.Doubled, same.First().Subject, $"one delivery was accepted {same.Count()} times: at {string.Join(", ", same.Select(e => e.Sequence))}"));
}
