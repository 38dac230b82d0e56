using System.Collections.Immutable;
using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Talon.Cluster.Journal.Postgres;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Journal;

/// <summary>
/// Reads a journal of either kind without changing it, beside a running server or without one. It takes no lock of Talon's and
/// recovers nothing: what it returns was true at one moment.
/// </summary>
public sealed class JournalReader : IAsyncDisposable
{
    private const string Bucket = "@bucket";

    private readonly Func<CancellationToken, Task<DbConnection>> _openFacts;
    private readonly Func<CancellationToken, Task<DbConnection>>? _openSnapshots;
    private readonly NpgsqlDataSource? _pool;
    private readonly int _buckets;

    private JournalReader(
        string place,
        int buckets,
        Func<CancellationToken, Task<DbConnection>> openFacts,
        Func<CancellationToken, Task<DbConnection>>? openSnapshots,
        NpgsqlDataSource? pool)
    {
        Place = place;
        _buckets = buckets;
        _openFacts = openFacts;
        _openSnapshots = openSnapshots;
        _pool = pool;
    }

    /// <summary>Where the journal is, for messages. No secret.</summary>
    public string Place { get; }

    /// <summary>Makes a reader.</summary>
    /// <exception cref="JournalException">There is none, or the connection string cannot be used.</exception>
    public static JournalReader Of(JournalOptions options)
    {
        switch (options)
        {
            case JournalOptions.Sqlite sqlite:
                if (!ExistsIn(sqlite.Directory))
                {
                    throw new JournalException($"there is no journal in {sqlite.Directory}; journal.path must name the folder of one");
                }

                return new JournalReader(
                    sqlite.Directory,
                    sqlite.Buckets,
                    token => OpenFileAsync(Path.Combine(sqlite.Directory, "journal.db"), token),
                    token => OpenFileAsync(Path.Combine(sqlite.Directory, "snapshots.db"), token),
                    pool: null);
            case JournalOptions.PostgreSql postgres:
                var pool = PostgresConnections.CreatePool(postgres with { MaxConnections = 2 });
                return new JournalReader(
                    PostgresConnections.PlaceOf(pool), postgres.Buckets, async token => await pool.OpenConnectionAsync(token), openSnapshots: null, pool);
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options?.GetType().Name, "no such journal");
        }
    }

    /// <summary>Whether a folder holds a SQLite journal.</summary>
    public static bool ExistsIn(string directory) => File.Exists(Path.Combine(directory, "journal.db"));

    /// <summary>Reads all buckets that have ever written a fact.</summary>
    /// <exception cref="JournalException">The journal cannot be read.</exception>
    public async Task<IReadOnlyList<BucketHistory>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var facts = await _openFacts(cancellationToken);

            // One view of all tables: a running server keeps writing, and deletes facts that its snapshots have replaced.
            await using var view = await BeginAsync(facts, cancellationToken);
            if (!await ExistsAsync(view, cancellationToken))
            {
                return [];
            }

            if (_openSnapshots is null)
            {
                return await HistoriesAsync(view, view, cancellationToken);
            }

            await using var snapshots = await _openSnapshots(cancellationToken);
            await using var snapshotView = await BeginAsync(snapshots, cancellationToken);
            return await HistoriesAsync(view, snapshotView, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new JournalException($"the database {Place} holds no journal of Talon: {PostgresErrors.Describe(e)}", e);
        }
        catch (Exception e) when (e is DbException or IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            throw new JournalException($"the journal in {Place} cannot be read: {PostgresErrors.Describe(e)}", e);
        }
        catch (FormatException e)
        {
            throw new JournalException($"the journal in {Place} holds what this version of Talon cannot read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_pool is not null)
        {
            await _pool.DisposeAsync();
        }
    }

    // Read-only is the file, not only this connection: no WAL is checkpointed, no lock file made.
    private static async Task<DbConnection> OpenFileAsync(string file, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    // What a transaction has seen first is what it sees to its end, and neither kind keeps a writer waiting.
    private static async Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken) => connection is SqliteConnection sqlite
        ? sqlite.BeginTransaction(deferred: true)
        : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    // A start on SQLite that ended before it made its tables holds nothing, and has not made the other file either. Only facts that are
    // missing as a whole are no facts: anything else that is not there is an error.
    private static async Task<bool> ExistsAsync(DbTransaction view, CancellationToken cancellationToken)
    {
        if (view.Connection is not SqliteConnection)
        {
            return true;
        }

        await using var command = Command(view, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'journal'", bucket: null);
        return await command.ExecuteScalarAsync(cancellationToken) is > 0L;
    }

    private async Task<IReadOnlyList<BucketHistory>> HistoriesAsync(DbTransaction facts, DbTransaction snapshots, CancellationToken cancellationToken)
    {
        // Their names are known: to ask a large journal for them would read all of it.
        var histories = new List<BucketHistory>(_buckets);
        foreach (string bucket in Enumerable.Range(0, _buckets).Select(number => $"bucket-{number}"))
        {
            var (snapshot, at) = await SnapshotAsync(snapshots, bucket, cancellationToken);
            var history = new BucketHistory(snapshot, await FactsAsync(facts, bucket, at, cancellationToken));
            if (snapshot is not null || history.Facts.Length > 0)
            {
                histories.Add(history);
            }
        }

        return histories;
    }

    private static async Task<(BucketSnapshot? Snapshot, long At)> SnapshotAsync(DbTransaction view, string bucket, CancellationToken cancellationToken)
    {
        await using var command = Command(
            view, $"SELECT sequence_number, serializer_id, manifest, snapshot FROM snapshot WHERE persistence_id = {Bucket} ORDER BY sequence_number DESC LIMIT 1", bucket);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken)
            ? (SnapshotFrame.Read(Payload(rows, WireFormats.Snapshot.Equals)), rows.GetInt64(0))
            : (null, 0);
    }

    private static async Task<ImmutableArray<JournalledFact>> FactsAsync(DbTransaction view, string bucket, long after, CancellationToken cancellationToken)
    {
        var facts = ImmutableArray.CreateBuilder<JournalledFact>();
        await using var command = Command(
            view,
            $"SELECT sequence_number, identifier, manifest, message FROM journal WHERE persistence_id = {Bucket} AND sequence_number > {after} AND NOT deleted ORDER BY sequence_number",
            bucket);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            facts.Add(new JournalledFact(rows.GetInt64(0), WireFormats.ReadFact(rows.GetString(2), Payload(rows, static _ => true))));
        }

        return facts.ToImmutable();
    }

    private static byte[] Payload(DbDataReader row, Func<string, bool> isExpected) =>
        row.GetInt32(1) == TalonSerializer.Id && isExpected(row.GetString(2))
            ? row.GetFieldValue<byte[]>(3)
            : throw new FormatException($"entry {row.GetInt64(0)} has the format '{row.GetString(2)}' of serializer {row.GetInt32(1)}");

    private static DbCommand Command(DbTransaction view, string sql, string? bucket)
    {
        var command = view.Connection!.CreateCommand();
        command.Transaction = view;
        command.CommandText = sql;
        if (bucket is not null)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = Bucket;
            parameter.Value = bucket;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
