using Microsoft.Data.Sqlite;

namespace Talon.Sandbox;

/// <summary>Reads new rows of Talon's journal from outside, as an operator could: the file is SQLite in WAL mode.</summary>
internal sealed class JournalReader(string folder)
{
    private readonly string _file = Path.Combine(folder, "journal.db");
    private long _last;

    /// <summary>The rows that are new since the last call.</summary>
    public IReadOnlyList<JournalRow> ReadNew()
    {
        if (!File.Exists(_file))
            return [];
        var rows = new List<JournalRow>();
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = _file,
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT ordering, created, persistence_id, sequence_number, manifest, message FROM journal WHERE ordering > $last ORDER BY ordering";
            command.Parameters.AddWithValue("$last", _last);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                _last = reader.GetInt64(0);
                var time = new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero);
                rows.Add(new JournalRow(time, reader.GetString(2), reader.GetInt64(3), reader.GetString(4), reader.GetFieldValue<byte[]>(5)));
            }
        }
        catch (SqliteException)
        {
            // Busy, or its tables are not made yet: the next call reads what this one could not.
        }

        return rows;
    }
}
