using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Journal.Postgres;
using Talon.Cluster.Tests.Support;
using Talon.Postgres;

namespace Talon.Cluster.Tests.Journal.Postgres;

/// <summary>What must hold at the start, on a real server. Every refusal is one line, says what to do, and tells no password.</summary>
[Trait("Speed", "Slow")]
public sealed class PostgresJournalTests
{
    private const string Insert =
        "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest) VALUES (0, false, 'bucket-1', 1, '\\x00', 'res:1')";

    private readonly CapturingLogger _log = new();

    [PostgresFact]
    public async Task Open_EmptyDatabaseByThreeNodesAtOnce_AllOpenAndTheTablesAreThere()
    {
        var (server, database) = await FreshAsync();

        var opened = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => OpenAsync(server, database))));

        foreach (var journal in opened)
        {
            journal.Dispose();
        }

        Assert.Equal(3L, await server.ScalarAsync(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        Assert.Equal("32", await server.ScalarAsync(database, "SELECT value FROM talon_meta WHERE key = 'buckets'"));
    }

    [PostgresFact]
    public async Task Open_WithoutAutoCreate_NamesTheCommandWhoseScriptHelps()
    {
        var (server, database) = await FreshAsync();

        string refusal = await RefusalAsync(server, database, o => o with { AutoCreate = false });
        Assert.Contains("has no table journal, snapshot, talon_meta: create them with 'talon journal schema | psql", refusal, StringComparison.Ordinal);

        await server.ExecuteAsync(database, PostgresSchema.Script);
        await server.ExecuteAsync(database, PostgresSchema.Script);
        (await OpenAsync(server, database, o => o with { AutoCreate = false })).Dispose();
    }

    [PostgresTheory]
    [InlineData("ALTER TABLE journal DROP CONSTRAINT journal_uq")]
    [InlineData("ALTER TABLE journal DROP CONSTRAINT journal_uq; CREATE INDEX i ON journal (persistence_id, sequence_number)")]
    [InlineData("ALTER TABLE journal DROP CONSTRAINT journal_uq; CREATE UNIQUE INDEX i ON journal (persistence_id, sequence_number, writer_uuid)")]
    [InlineData("ALTER TABLE journal DROP CONSTRAINT journal_uq; CREATE UNIQUE INDEX i ON journal (persistence_id, sequence_number) WHERE deleted")]
    [InlineData("ALTER TABLE journal DROP CONSTRAINT journal_uq; CREATE UNIQUE INDEX i ON journal (lower(persistence_id), sequence_number)")]
    public async Task Open_WithoutTheFence_IsRefused(string sql)
    {
        var (server, database) = await MadeAsync(sql);

        Assert.Contains("no valid unique index on (persistence_id, sequence_number)", await RefusalAsync(server, database), StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("ALTER TABLE journal DROP CONSTRAINT journal_uq; CREATE UNIQUE INDEX i ON journal (sequence_number, persistence_id)")]
    [InlineData("ALTER TABLE journal DROP CONSTRAINT journal_uq; CREATE UNIQUE INDEX i ON journal (persistence_id, sequence_number) INCLUDE (created)")]
    public async Task Open_OtherIndexThatFences_IsTaken(string sql)
    {
        var (server, database) = await MadeAsync(sql);

        (await OpenAsync(server, database)).Dispose();
    }

    [PostgresFact]
    public async Task Open_SynchronousCommitOff_IsRefusedWhereverItWasSet()
    {
        var (server, database) = await MadeAsync($"CREATE ROLE hasty LOGIN PASSWORD '{PostgresServer.Password}'");
        await server.ExecuteAsync(database, "GRANT ALL ON ALL TABLES IN SCHEMA public TO hasty; ALTER ROLE hasty SET synchronous_commit = off");
        Assert.Contains("synchronous_commit is off", await RefusalAsync(server, database, AsRole("hasty")), StringComparison.Ordinal);
        (await OpenAsync(server, database)).Dispose();

        Assert.Contains(
            "synchronous_commit is off",
            await RefusalAsync(server, database, o => o with { ConnectionString = o.ConnectionString + ";Options=-c synchronous_commit=off" }),
            StringComparison.Ordinal);

        await server.ExecuteAsync(database, $"ALTER DATABASE {database} SET synchronous_commit = off");
        Assert.Contains("synchronous_commit is off", await RefusalAsync(server, database), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_FsyncOff_IsAWarning()
    {
        var (server, database) = await FreshAsync();

        (await OpenAsync(server, database)).Dispose();

        Assert.Contains("fsync is off", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_OtherNumberOfBuckets_IsRefused()
    {
        var (server, database) = await MadeAsync("");

        string refusal = await RefusalAsync(server, database, o => o with { Buckets = 16 });

        Assert.Contains("made with 32 buckets, this node uses 16", refusal, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_ReadOnly_IsRefused()
    {
        var (server, database) = await MadeAsync("");
        await server.ExecuteAsync("postgres", $"ALTER DATABASE {database} SET default_transaction_read_only = on");

        Assert.Contains("takes no writes", await RefusalAsync(server, database), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_UnloggedJournal_IsRefused()
    {
        var (server, database) = await MadeAsync("ALTER TABLE journal SET UNLOGGED");

        Assert.Contains("journal in", await RefusalAsync(server, database), StringComparison.Ordinal);
        Assert.Contains("unlogged", await RefusalAsync(server, database), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_TableOfSomebodyElse_IsRefused()
    {
        var (server, database) = await FreshAsync();
        await server.ExecuteAsync(database, "CREATE TABLE snapshot (id int)");

        Assert.Contains("not Talon's", await RefusalAsync(server, database), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_RoleThatMayNotCreate_SaysSo()
    {
        var (server, database) = await FreshAsync();
        await server.ExecuteAsync(database, $"CREATE ROLE poor LOGIN PASSWORD '{PostgresServer.Password}'");

        Assert.Contains("this role may not create them", await RefusalAsync(server, database, AsRole("poor")), StringComparison.Ordinal);

        await server.ExecuteAsync(database, PostgresSchema.Script + "GRANT SELECT ON journal, snapshot, talon_meta TO poor; GRANT INSERT ON journal TO poor");
        string refusal = await RefusalAsync(server, database, AsRole("poor"));
        Assert.Contains("lacks rights: UPDATE on journal", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("INSERT on journal", refusal, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_WrongPassword_IsRefusedAtOnce()
    {
        var (server, database) = await FreshAsync();

        string refusal = await RefusalAsync(
            server, database, o => o with { ConnectionString = o.ConnectionString + ";Password=other", StartPatience = TimeSpan.FromDays(1) });

        Assert.Contains("28P01", refusal, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_MissingDatabase_SaysSo()
    {
        var server = await SharedPostgres.GetAsync();

        Assert.Contains("database \"nowhere\" does not exist", await RefusalAsync(server, "nowhere"), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_ServerAway_IsWaitedForAndThenRefused()
    {
        await using var server = await PostgresServer.StartNewAsync();
        string database = await server.CreateDatabaseAsync();
        await server.StopAsync();

        string refusal = await RefusalAsync(server, database, o => o with { StartPatience = TimeSpan.FromSeconds(2) });
        Assert.Contains($"127.0.0.1:{server.Port}/{database} could not be reached for 2 s", refusal, StringComparison.Ordinal);

        var opening = OpenAsync(server, database);
        await server.StartAsync();
        (await opening).Dispose();
        Assert.Contains(_log.Lines, line => line.Contains("cannot be reached yet", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgres://talon:pg-secret-word@db/talon", "URI")]
    [InlineData("Host=db;Password=pg-secret-word;word", "cannot be read")]
    [InlineData("Host=db;Password=x;pg-secret-word=1", "cannot be read")]
    [InlineData("Host=db;Port=pg-secret-word", "cannot be read")]
    [InlineData("Password=pg-secret-word", "no host")]
    public async Task Open_ConnectionStringThatCannotBeRead_IsRefusedWithoutItsText(string text, string expected)
    {
        var e = await Assert.ThrowsAsync<JournalException>(() => PostgresJournal.OpenAsync(
            new JournalOptions.PostgreSql(text), NullLogger.Instance, TimeProvider.System, CancellationToken.None));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pg-secret-word", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_Options_HaveNoConnectionString() =>
        Assert.DoesNotContain("secret", new TalonClusterOptions { Journal = new JournalOptions.PostgreSql("Password=secret") }.ToString(), StringComparison.Ordinal);

    private static Func<JournalOptions.PostgreSql, JournalOptions.PostgreSql> AsRole(string role) => options =>
        options with { ConnectionString = options.ConnectionString + $";Username={role}" };

    [PostgresFact]
    public async Task Pool_ANodeStopsAmidATransaction_TheNextOwnerWritesTheSameNumber()
    {
        var (server, database) = await FreshAsync();
        using var frozen = await OpenAsync(server, database);
        using var next = await OpenAsync(server, database);
        await using var held = await frozen.Pool.OpenConnectionAsync();
        await using var transaction = await held.BeginTransactionAsync();
        await using (var insert = held.CreateCommand())
        {
            insert.CommandText = Insert;
            await insert.ExecuteNonQueryAsync();
        }

        // Waits for the lock, within the time that a command may take.
        await using var same = next.Pool.CreateCommand(Insert);
        Assert.Equal(1, await same.ExecuteNonQueryAsync());

        var e = await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync());
        Assert.True(e is not PostgresException { SqlState: PostgresErrorCodes.UniqueViolation });
        Assert.Equal(1L, await server.ScalarAsync(database, "SELECT count(*) FROM journal"));
    }

    private static async Task<(PostgresServer Server, string Database)> FreshAsync()
    {
        var server = await SharedPostgres.GetAsync();
        return (server, await server.CreateDatabaseAsync());
    }

    private static async Task<(PostgresServer Server, string Database)> MadeAsync(string sql)
    {
        var (server, database) = await FreshAsync();
        await server.ExecuteAsync(database, PostgresSchema.Script + "INSERT INTO talon_meta VALUES ('buckets', '32');" + sql);
        return (server, database);
    }

    private async Task<PostgresJournal> OpenAsync(
        PostgresServer server, string database, Func<JournalOptions.PostgreSql, JournalOptions.PostgreSql>? change = null)
    {
        var options = new JournalOptions.PostgreSql(server.ConnectionString(database));
        return await PostgresJournal.OpenAsync(change?.Invoke(options) ?? options, _log, TimeProvider.System, CancellationToken.None);
    }

    private async Task<string> RefusalAsync(
        PostgresServer server, string database, Func<JournalOptions.PostgreSql, JournalOptions.PostgreSql>? change = null)
    {
        var e = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(server, database, change));
        Assert.DoesNotContain('\n', e.Message);
        Assert.DoesNotContain(PostgresServer.Password, e.ToString() + string.Concat(_log.Lines), StringComparison.Ordinal);
        return e.Message;
    }
}
