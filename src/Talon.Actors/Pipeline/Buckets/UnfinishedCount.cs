using Talon.Cluster.Journal;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>Tells from a journal alone how many accepted events are unfinished, as the buckets would after recovering from it.</summary>
public static class UnfinishedCount
{
    /// <summary>Counts over all buckets.</summary>
    /// <exception cref="JournalException">The journal cannot be read.</exception>
    public static async Task<int> OfAsync(JournalReader reader, CancellationToken cancellationToken)
    {
        var histories = await reader.ReadAsync(cancellationToken);
        return histories.Sum(Of);
    }

    private static int Of(BucketHistory history)
    {
        var events = new UnfinishedEvents(new PipelineOptions());
        if (history.Snapshot is { } snapshot)
        {
            events.Restore(snapshot);
        }

        foreach (var (sequence, fact) in history.Facts)
        {
            events.Apply(sequence, fact, recovering: true);
        }

        return events.Count;
    }
}
