using Npgsql;
using Talon.Chaos.Records;
using Talon.Postgres;

namespace Talon.Chaos.Stores;

/// <summary>A database of its own on the PostgreSQL server of the suite.</summary>
internal sealed class PostgresStore : IJournalStore
{
    private readonly string _connection;

    private PostgresStore(string connection)
    {
        _connection = connection;
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["JOURNAL_PROVIDER"] = "postgresql",
            ["JOURNAL_CONNECTION_STRING"] = connection,
        };
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public static async Task<PostgresStore> CreateAsync(PostgresServer server) =>
        new(server.ConnectionString(await server.CreateDatabaseAsync()));

    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{_connection};Pooling=false;Timeout=10");
            await connection.OpenAsync(ct);
            return await JournalQuery.RunAsync(connection, ct);
        }
        catch (NpgsqlException e)
        {
            throw new ChaosException($"the journal cannot be read: {e.Message}", e);
        }
    }
}
