using System.Collections.Immutable;
using Akka.Actor.Setup;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace Talon.Cluster.Journal.Sqlite;

/// <summary>
/// The journal of a single node: two SQLite files (facts and snapshots) in WAL mode with synchronous FULL, so that a commit is on
/// the disk, and a lock file that keeps a second process out.
/// </summary>
internal sealed class SqliteJournal : IJournal
{
    /// <summary>Akka's settings for it.</summary>
    public const string Hocon = "sqlite.conf";

    // Only these errors mean that another process holds the lock file; a read-only file system, for example, does not.
    private const int LockedOnLinux = 11;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _lock;
    private readonly string _journalFile;
    private readonly string _snapshotFile;

    private SqliteJournal(FileStream @lock, string journalFile, string snapshotFile)
    {
        _lock = @lock;
        _journalFile = journalFile;
        _snapshotFile = snapshotFile;
    }

    public string HoconFile => Hocon;

    /// <summary>The file of the facts.</summary>
    public string JournalFile => _journalFile;

    /// <summary>Opens the journal: takes the lock, makes the files when they are missing, and checks the number of buckets.</summary>
    /// <param name="directory">The folder. Made when it is missing.</param>
    /// <exception cref="JournalException">Another process has it, it cannot be written, or it was made with another number of buckets.</exception>
    public static SqliteJournal Open(string directory, int buckets)
    {
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(directory);
            held = TakeLock(directory);
            var journal = new SqliteJournal(held, Path.Combine(directory, "journal.db"), Path.Combine(directory, "snapshots.db"));
            journal.Prepare(buckets);
            held = null;
            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new JournalException($"the journal in {directory} cannot be used: {e.Message}; journal.path must name a folder that this user may write", e);
        }
        finally
        {
            held?.Dispose();
        }
    }

    public bool IsExclusive => true;

    /// <summary>What Akka needs to reach the two files, with the pragmas set on every connection.</summary>
    public Setup CreateSetup()
    {
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions("akka.persistence.journal.sql", Options(_journalFile));
        setup.AddDataOptions("akka.persistence.snapshot-store.sql", Options(_snapshotFile));
        return setup;
    }

    /// <summary>Checks, once Akka has made its tables, that two facts cannot share a sequence number: the fence between two writers.</summary>
    /// <exception cref="JournalException">The unique index is missing.</exception>
    public void VerifyFence()
    {
        using var connection = Connect(_journalFile);
        if (!HasFence(connection))
        {
            throw new JournalException($"{WithoutFence}; two writers could both act");
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        // The pool keeps the files open otherwise; a test folder could not be removed and a restart in the same process not locked.
        SqliteConnection.ClearAllPools();
        _lock.Dispose();
    }

    private string WithoutFence => $"the table 'journal' in {_journalFile} has no unique index on (persistence_id, sequence_number)";

    private static bool HasFence(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT i.name, (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY name))
            FROM pragma_index_list('journal') AS i WHERE i."unique" = 1 AND i.partial = 0
            """;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (!reader.IsDBNull(1) && reader.GetString(1) == "persistence_id,sequence_number")
            {
                return true;
            }
        }

        return false;
    }

    private static FileStream TakeLock(string directory)
    {
        string file = Path.Combine(directory, "talon.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnWindows)
        {
            throw new JournalException($"another Talon uses the journal in {directory} ({file} is locked); a SQLite journal belongs to one process", e);
        }
    }

    private static string ConnectionString(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Pooling = true,
        DefaultTimeout = 30,
    }.ToString();

    private static DataOptions Options(string file) => new DataOptions()
        .UseConnectionString("SQLite.MS", ConnectionString(file))
        .UseAfterConnectionOpened(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = Pragmas;
                command.ExecuteNonQuery();
            },
            async (connection, cancellationToken) =>
            {
                await using var command = connection.CreateCommand();
                command.CommandText = Pragmas;
                await command.ExecuteNonQueryAsync(cancellationToken);
            });

    // FULL: the WAL is synced at every commit, which is what "committed" means in Talon's first promise.
    private const string Pragmas = "PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;";

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection(ConnectionString(file));
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Prepare(int buckets)
    {
        foreach (var file in ImmutableArray.Create(_journalFile, _snapshotFile))
        {
            using var connection = Connect(file);
            Execute(connection, "PRAGMA journal_mode=WAL;");
        }

        using var journal = Connect(_journalFile);
        Execute(journal, "PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS talon_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);");
        using var insert = journal.CreateCommand();
        insert.CommandText = "INSERT OR IGNORE INTO talon_meta (key, value) VALUES ('buckets', $buckets);";
        insert.Parameters.AddWithValue("$buckets", buckets.ToString());
        insert.ExecuteNonQuery();
        using var select = journal.CreateCommand();
        select.CommandText = "SELECT value FROM talon_meta WHERE key = 'buckets';";
        var stored = (string?)select.ExecuteScalar();
        if (stored != buckets.ToString())
        {
            throw new JournalException($"the journal in {Path.GetDirectoryName(_journalFile)} was made with {stored} buckets, this node uses {buckets}: events would be looked for in the wrong bucket");
        }

        EnsureFence(journal);
    }

    // Akka makes the index with its tables, or when it is missing; when it cannot, it only says so, and no bucket ever recovers.
    private void EnsureFence(SqliteConnection journal)
    {
        using var look = journal.CreateCommand();
        look.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'journal';";
        if (look.ExecuteScalar() is 0L || HasFence(journal))
        {
            return;
        }

        try
        {
            Execute(journal, "CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);");
        }
        catch (SqliteException e)
        {
            throw new JournalException(
                $"{WithoutFence}, and it cannot be made: {e.Message}; two writers could both act, or have; put back a copy of the journal, or give journal.path an empty folder", e);
        }
    }
}
