using Microsoft.Extensions.Logging;
using Npgsql;

namespace Talon.Cluster.Journal.Postgres;

/// <summary>What must hold before a node may trust a PostgreSQL database with its facts. Each failure is one line that says what to do.</summary>
internal sealed class PostgresChecks(NpgsqlConnection connection, string place)
{
    /// <summary>The server is the one that takes writes, and a commit is on its disk when it is answered.</summary>
    public async Task ServerIsDurableAsync(ILogger logger, CancellationToken cancellationToken)
    {
        if (await TextAsync("SHOW transaction_read_only", cancellationToken) == "on")
        {
            throw new JournalException($"PostgreSQL at {place} takes no writes (transaction_read_only is on); name the primary server in the connection string of the journal");
        }

        // As this role in this database sees it: the server's file, ALTER DATABASE, ALTER ROLE and the connection string all count.
        if (await TextAsync("SHOW synchronous_commit", cancellationToken) == "off")
        {
            throw new JournalException(
                $"synchronous_commit is off for this role in PostgreSQL at {place}: what Talon has accepted could be lost; "
                + "set it to on in postgresql.conf, ALTER DATABASE, ALTER ROLE or the connection string, wherever it was switched off");
        }

        foreach (string setting in (string[])["fsync", "full_page_writes"])
        {
            if (await TextAsync($"SHOW {setting}", cancellationToken) == "off")
            {
                logger.LogWarning("{Setting} is off in PostgreSQL at {Place}: a crash of the database server may lose or damage the journal", setting, place);
            }
        }
    }

    /// <summary>The tables of the journal that are not there.</summary>
    public async Task<IReadOnlyList<string>> MissingTablesAsync(CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (string table in PostgresSchema.Tables)
        {
            if (await TextAsync($"SELECT to_regclass('{table}')::text", cancellationToken) is null)
            {
                missing.Add(table);
            }
        }

        return missing;
    }

    /// <summary>The tables that exist have the columns that Akka uses, so they do not belong to another program.</summary>
    public async Task TablesAreTalonsAsync(CancellationToken cancellationToken)
    {
        string? wrong = await TextAsync(
            """
            SELECT string_agg(wanted.tab || '.' || wanted.col, ', ' ORDER BY wanted.tab, wanted.col)
            FROM (SELECT 'journal', unnest('{ordering,created,deleted,persistence_id,sequence_number,message,tags,manifest,identifier,writer_uuid}'::text[])
                  UNION ALL SELECT 'snapshot', unnest('{persistence_id,sequence_number,created,snapshot,manifest,serializer_id}'::text[])
                  UNION ALL SELECT 'talon_meta', unnest('{key,value}'::text[])) AS wanted(tab, col)
            WHERE to_regclass(wanted.tab) IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(wanted.tab) AND attname = wanted.col AND NOT attisdropped)
            """,
            cancellationToken);
        if (wrong is not null)
        {
            throw new JournalException($"the tables in {place} are not Talon's: missing {wrong}; give Talon a database or a schema (Search Path) of its own");
        }
    }

    /// <summary>The tables survive a crash, and may be written by this role.</summary>
    public async Task TablesAreUsableAsync(CancellationToken cancellationToken)
    {
        string? unlogged = await TextAsync(
            """
            SELECT string_agg(relname, ', ') FROM pg_class
            WHERE oid IN (to_regclass('journal'), to_regclass('snapshot'), to_regclass('talon_meta')) AND relpersistence <> 'p'
            """,
            cancellationToken);
        if (unlogged is not null)
        {
            throw new JournalException($"{unlogged} in {place} is unlogged or temporary: a crash of the server would empty it; ALTER TABLE … SET LOGGED");
        }

        string? forbidden = await TextAsync(
            """
            SELECT string_agg(needed.privilege || ' on ' || needed.tab, ', ')
            FROM (VALUES ('journal', 'SELECT'), ('journal', 'INSERT'), ('journal', 'UPDATE'), ('journal', 'DELETE'),
                         ('snapshot', 'SELECT'), ('snapshot', 'INSERT'), ('snapshot', 'UPDATE'), ('snapshot', 'DELETE'),
                         ('talon_meta', 'SELECT'), ('talon_meta', 'INSERT')) AS needed(tab, privilege)
            WHERE NOT has_table_privilege(to_regclass(needed.tab)::oid, needed.privilege)
            """,
            cancellationToken);
        if (forbidden is not null)
        {
            throw new JournalException($"the role of the journal in {place} lacks rights: {forbidden}; GRANT them, or let this role own the tables");
        }
    }

    /// <summary>Two facts of a bucket cannot share a number: of two writers the second fails.</summary>
    public async Task FenceIsThereAsync(CancellationToken cancellationToken)
    {
        string? fence = await TextAsync(
            """
            SELECT i.indexrelid::regclass::text FROM pg_index i
            WHERE i.indrelid = to_regclass('journal') AND i.indisunique AND i.indisvalid AND i.indisready AND i.indimmediate
              AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = 2
              AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
                   WHERE a.attrelid = i.indrelid AND a.attnum IN (i.indkey[0], i.indkey[1])) = ARRAY['persistence_id', 'sequence_number']
            LIMIT 1
            """,
            cancellationToken);
        if (fence is null)
        {
            throw new JournalException(
                $"the table 'journal' in {place} has no valid unique index on (persistence_id, sequence_number): two writers could both act; "
                + "stop all nodes, ALTER TABLE journal ADD CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number)");
        }
    }

    /// <summary>The journal was made with as many buckets as this node uses; a new journal takes this node's.</summary>
    public async Task BucketsAreTheSameAsync(int buckets, CancellationToken cancellationToken)
    {
        string ours = buckets.ToString();
        string? stored = await TextAsync(
            $"""
            INSERT INTO talon_meta (key, value) VALUES ('buckets', '{ours}') ON CONFLICT (key) DO NOTHING;
            SELECT value FROM talon_meta WHERE key = 'buckets'
            """,
            cancellationToken);
        if (stored != ours)
        {
            throw new JournalException($"the journal in {place} was made with {stored} buckets, this node uses {ours}: events would be looked for in the wrong bucket");
        }
    }

    private async Task<string?> TextAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
