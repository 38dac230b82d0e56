using System.Collections.Immutable;
using Npgsql;

namespace Talon.Cluster.Journal.Postgres;

/// <summary>
/// The tables of the journal in PostgreSQL: what Akka.Persistence.Sql would make itself with Talon's settings (a test compares
/// them), and <c>talon_meta</c>. Talon makes them, because Akka's own way breaks when several nodes start at once.
/// </summary>
public static class PostgresSchema
{
    /// <summary>The names of the tables.</summary>
    public static ImmutableArray<string> Tables { get; } = ["journal", "snapshot", "talon_meta"];

    /// <summary>The statements; they change nothing that is there already. To be run in one transaction.</summary>
    public const string Statements =
        """
        SELECT pg_advisory_xact_lock(499848537966);

        CREATE TABLE IF NOT EXISTS journal (
            ordering bigint GENERATED ALWAYS AS IDENTITY,
            created bigint NOT NULL,
            deleted boolean NOT NULL,
            persistence_id text NOT NULL,
            sequence_number bigint NOT NULL,
            message bytea NOT NULL,
            tags text,
            manifest text,
            identifier integer,
            writer_uuid text,
            CONSTRAINT "PK_journal" PRIMARY KEY (ordering),
            CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number)
        );
        CREATE INDEX IF NOT EXISTS journal_created_idx ON journal (created);
        CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal (sequence_number);

        CREATE TABLE IF NOT EXISTS snapshot (
            persistence_id text NOT NULL,
            sequence_number bigint NOT NULL,
            created bigint NOT NULL,
            snapshot bytea,
            manifest text,
            serializer_id integer,
            CONSTRAINT "PK_snapshot" PRIMARY KEY (persistence_id, sequence_number)
        );
        CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot (created);
        CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot (sequence_number);

        CREATE TABLE IF NOT EXISTS talon_meta (
            key text PRIMARY KEY,
            value text NOT NULL
        );

        """;

    /// <summary>The statements as a script for <c>psql</c>.</summary>
    public static string Script => $"BEGIN;\n{Statements}COMMIT;\n";

    /// <summary>Makes what is missing. Several nodes may do it at once: a lock of the database puts them in a row.</summary>
    internal static async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Statements, connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
