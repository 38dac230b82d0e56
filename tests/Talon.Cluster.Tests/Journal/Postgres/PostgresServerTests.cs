using Npgsql;
using Talon.Postgres;

namespace Talon.Cluster.Tests.Journal.Postgres;

/// <summary>The fixture itself: what it says it does to a server really happens.</summary>
[Trait("Speed", "Slow")]
public sealed class PostgresServerTests
{
    [PostgresFact]
    public async Task StopKillStart_SameServer_KeepsPortAndCommittedRows()
    {
        await using var server = await PostgresServer.StartNewAsync(new PostgresSettings { Fsync = true });
        string database = await server.CreateDatabaseAsync();
        int port = server.Port;
        await server.ExecuteAsync(database, "CREATE TABLE t (n int); INSERT INTO t VALUES (1)");

        await server.KillAsync();
        Assert.Null(server.Pid);
        await Assert.ThrowsAsync<NpgsqlException>(() => server.ScalarAsync(database, "SELECT 1"));
        await server.StartAsync();
        await server.ExecuteAsync(database, "INSERT INTO t VALUES (2)");
        await server.RestartAsync();

        Assert.Equal(3L, await server.ScalarAsync(database, "SELECT sum(n) FROM t"));
        Assert.Equal(port, server.Port);
        Assert.Equal("on", await server.ScalarAsync(database, "SHOW fsync"));
    }

    [PostgresFact]
    public async Task Freeze_Query_IsAnsweredOnlyAfterThaw()
    {
        await using var server = await PostgresServer.StartNewAsync();
        server.Freeze();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString() + ";Pooling=false;Timeout=1");
            await connection.OpenAsync();
        });

        server.Thaw();
        Assert.Equal(1, await server.ScalarAsync("postgres", "SELECT 1"));
    }

    [PostgresFact]
    public async Task CutConnections_OfOneDatabase_EndsThemAndNoOthers()
    {
        var server = await SharedPostgres.GetAsync();
        string cut = await server.CreateDatabaseAsync();
        string spared = await server.CreateDatabaseAsync(cut);
        await using var first = new NpgsqlConnection(server.ConnectionString(cut) + ";Pooling=false");
        await using var second = new NpgsqlConnection(server.ConnectionString(spared) + ";Pooling=false");
        await first.OpenAsync();
        await second.OpenAsync();

        Assert.Equal(1, await server.CutConnectionsAsync(cut));

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(first));
        await ExecuteAsync(second);
    }

    [PostgresFact]
    public async Task Dispose_Server_LeavesNoFolder()
    {
        var server = await PostgresServer.StartNewAsync();
        string folder = (string)(await server.ScalarAsync("postgres", "SHOW data_directory"))!;
        Assert.True(Directory.Exists(folder));

        await server.DisposeAsync();

        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1";
        await command.ExecuteNonQueryAsync();
    }
}
