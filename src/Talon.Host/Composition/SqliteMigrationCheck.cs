using Talon.Actors.Pipeline.Buckets;
using Talon.Cluster.Journal;

namespace Talon.Host.Composition;

/// <summary>The SQLite journal of a node that has been moved to PostgreSQL: what it still holds would be forgotten.</summary>
internal static class SqliteMigrationCheck
{
    /// <summary>Makes sure that nothing is left behind.</summary>
    /// <param name="directory">The folder of SQLite journals.</param>
    /// <exception cref="JournalException">There are unfinished events in it, or it cannot be read.</exception>
    public static async Task IsFinishedAsync(string directory, CancellationToken cancellationToken)
    {
        if (!JournalReader.ExistsIn(directory))
        {
            return;
        }

        await using var reader = JournalReader.Of(new JournalOptions.Sqlite(directory));
        int unfinished = await UnfinishedCount.OfAsync(reader, cancellationToken);
        if (unfinished > 0)
        {
            string have = unfinished == 1 ? "1 unfinished event" : $"{unfinished} unfinished events";
            throw new JournalException(
                $"the SQLite journal in {directory} still holds {have}, which PostgreSQL would not know of: start once more with journal.provider sqlite, "
                + "let no new events come in, wait for 'talon journal drain', then move to postgresql; or remove the folder to give them up");
        }
    }
}
