using Microsoft.Data.Sqlite;
using Talon.Chaos.Records;

namespace Talon.Chaos.Stores;

/// <summary>The SQLite journal of a single node, read from a copy of its files: the node may be running.</summary>
internal sealed class SqliteStore : IJournalStore
{
    private readonly string _folder;

    public SqliteStore(string folder)
    {
        _folder = folder;
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["JOURNAL_PATH"] = folder };
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(CancellationToken ct)
    {
        var copy = Directory.CreateTempSubdirectory("talon-chaos-journal-");
        try
        {
            foreach (string file in Directory.GetFiles(_folder, "journal.db*"))
            {
                File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
            }

            var where = new SqliteConnectionStringBuilder { DataSource = Path.Combine(copy.FullName, "journal.db"), Pooling = false };
            await using var connection = new SqliteConnection(where.ToString());
            await connection.OpenAsync(ct);
            return await JournalQuery.RunAsync(connection, ct);
        }
        catch (Exception e) when (e is SqliteException or IOException or FormatException)
        {
            // A copy of a file that is being written may be torn; the next one is not.
            throw new ChaosException($"the journal cannot be read: {e.Message}", e);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}
