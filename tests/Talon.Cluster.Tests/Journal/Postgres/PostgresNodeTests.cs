using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Journal.Postgres;
using Talon.Cluster.Node;
using Talon.Cluster.Tests.Support;
using Talon.Postgres;

namespace Talon.Cluster.Tests.Journal.Postgres;

/// <summary>Real nodes on a real server, each its own cluster, as after a partition: what the journal alone must hold.</summary>
[Trait("Speed", "Slow")]
public sealed class PostgresNodeTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly List<TalonNode> _nodes = [];
    private PostgresServer _server = null!;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _server = await SharedPostgres.GetAsync();
        _database = await _server.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.AbortAsync();
        }
    }

    [PostgresFact]
    public async Task Journal_TwoNodesWriteTheSameBucketAtOnce_ExactlyOneCommits()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        for (int round = 0; round < 10; round++)
        {
            string bucket = $"fenced-{round}";
            var writers = new[] { Writer(first, bucket), Writer(second, bucket) };
            await Task.WhenAll(writers.Select(writer => writer.Ask<List<long>>("read", Deadline)));

            var results = await Task.WhenAll(writers.Select((writer, i) => CommittedAsync(writer, i + 1)));

            Assert.Single(results, committed => committed);
            long winner = results[0] ? 1 : 2;
            Assert.Equal([winner], await Writer(first, bucket).Ask<List<long>>("read", Deadline));
        }
    }

    [PostgresFact]
    public async Task Journal_BucketThatMovedThereAndBack_IsReplayedWhole()
    {
        await WriteAlternatelyAsync(await StartAsync(), await StartAsync());

        Assert.Equal([1L, 2L, 3L, 4L], await Writer(await StartAsync(), "moved").Ask<List<long>>("read", Deadline));
    }

    [PostgresFact]
    public async Task Journal_BucketThatMovedThereAndBack_WithAkkasDefaultFilterIsNot()
    {
        // Shows that the test above can fail: this is what Akka does unless it is told otherwise.
        await WriteAlternatelyAsync(await StartAsync(), await StartAsync());
        var filtering = await StartAsync("akka.persistence.journal.sql.replay-filter.mode = repair-by-discard-old");

        Assert.NotEqual([1L, 2L, 3L, 4L], await Writer(filtering, "moved").Ask<List<long>>("read", Deadline));
    }

    [PostgresFact]
    public async Task Pool_ConnectionsThatWereCut_CostOneFailureAltogether()
    {
        using var journal = await PostgresJournal.OpenAsync(
            new JournalOptions.PostgreSql(_server.ConnectionString(_database)), NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        var held = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => journal.Pool.OpenConnectionAsync().AsTask()));
        foreach (var connection in held)
        {
            await connection.DisposeAsync();
        }

        Assert.Equal(8, await _server.CutConnectionsAsync(_database));

        int failures = 0;
        for (int i = 0; i < 8; i++)
        {
            failures += await AnswersAsync(journal) ? 0 : 1;
        }

        Assert.InRange(failures, 0, 1);
    }

    [PostgresFact]
    public async Task Journal_ServerFrozen_WriteFailsAndAfterwardsAllIsWell()
    {
        await using var server = await PostgresServer.StartNewAsync();
        string database = await server.CreateDatabaseAsync();
        var node = await StartAsync(on: (server, database));
        var writer = Writer(node, "frozen");
        Assert.True(await CommittedAsync(writer, 1));

        server.Freeze();
        Assert.False(await CommittedAsync(writer, 2));
        server.Thaw();

        Assert.Contains(1L, await ReadAgainAsync(node, "frozen"));
    }

    [PostgresFact]
    public async Task Journal_ServerKilledAndStarted_NodeGoesOnByItself()
    {
        await using var server = await PostgresServer.StartNewAsync(new PostgresSettings { Fsync = true });
        string database = await server.CreateDatabaseAsync();
        var node = await StartAsync(on: (server, database));
        var writer = Writer(node, "killed");
        Assert.True(await CommittedAsync(writer, 1));

        await server.KillAsync();
        Assert.False(await CommittedAsync(writer, 2));
        await server.StartAsync();

        Assert.Equal([1L], await ReadAgainAsync(node, "killed"));
        Assert.True(await CommittedAsync(Writer(node, "killed"), 2));
    }

    private static async Task WriteAlternatelyAsync(TalonNode first, TalonNode second)
    {
        for (long value = 1; value <= 4; value++)
        {
            var writer = Writer(value % 2 == 1 ? first : second, "moved");
            Assert.Equal(value, await writer.Ask<long>(value, Deadline));
            Assert.True(await writer.GracefulStop(Deadline));
        }
    }

    private static IActorRef Writer(TalonNode node, string bucket) => node.System.ActorOf(Props.Create(() => new FactWriter(bucket)));

    /// <summary>Whether the writer commits, or stops because it could not.</summary>
    private static async Task<bool> CommittedAsync(IActorRef writer, long value)
    {
        var stopped = writer.WatchAsync();
        var answer = writer.Ask<long>(value, Deadline);
        if (await Task.WhenAny(stopped, answer) == answer)
        {
            Assert.Equal(value, await answer);
            return true;
        }

        return false;
    }

    // As buckets are woken again until they recover.
    private static async Task<List<long>> ReadAgainAsync(TalonNode node, string bucket)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            var reader = Writer(node, bucket);
            var stopped = reader.WatchAsync();
            var answer = reader.Ask<List<long>>("read", Deadline);
            if (await Task.WhenAny(stopped, answer) == answer)
            {
                return await answer;
            }

            await Task.Delay(100, deadline.Token);
        }
    }

    private static async Task<bool> AnswersAsync(PostgresJournal journal)
    {
        try
        {
            await using var connection = await journal.Pool.OpenConnectionAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            return await command.ExecuteScalarAsync() is 1;
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }

    private async Task<TalonNode> StartAsync(string? hocon = null, (PostgresServer Server, string Database)? on = null)
    {
        var (server, database) = on ?? (_server, _database);
        var node = await TalonNode.StartAsync(
            new TalonClusterOptions { Port = 0, Journal = new JournalOptions.PostgreSql(server.ConnectionString(database)) },
            NullLoggerFactory.Instance,
            hocon is null ? null : ConfigurationFactory.ParseString(hocon),
            CancellationToken.None);
        _nodes.Add(node);
        return node;
    }
}
