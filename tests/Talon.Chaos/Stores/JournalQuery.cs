using System.Data.Common;
using Talon.Chaos.Records;
using Talon.Cluster.Wire;

namespace Talon.Chaos.Stores;

/// <summary>Reads the facts of the buckets; the tables are the same in both databases.</summary>
internal static class JournalQuery
{
    private const string Sql =
        "SELECT persistence_id, sequence_number, manifest, message FROM journal WHERE persistence_id LIKE 'bucket-%' ORDER BY persistence_id, sequence_number";

    public static async Task<IReadOnlyList<JournalEntry>> RunAsync(DbConnection connection, CancellationToken ct)
    {
        var entries = new List<JournalEntry>();
        await using var command = connection.CreateCommand();
        command.CommandText = Sql;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            entries.Add(new JournalEntry(
                reader.GetString(0), reader.GetInt64(1), WireFormats.ReadFact(reader.GetString(2), reader.GetFieldValue<byte[]>(3))));
        }

        return entries;
    }
}
