using System.Net;
using Talon.Cluster.Journal.Postgres;
using Talon.Host.Tests.Support;
using Talon.Postgres;

namespace Talon.Host.Tests.Cli.Journal;

/// <summary>The journal as a user meets it: where the server keeps it, and the commands about it. No cluster can be reached, so what is accepted stays unfinished.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _rules;

    public JournalTests() => _rules = _folder.Write("rules.yaml", TestRules.Shell);

    [Fact]
    public async Task Schema_Always_PrintsTheScript()
    {
        var cli = new TestCli();

        Assert.Equal(0, await cli.RunAsync("journal", "schema"));

        Assert.Equal(PostgresSchema.Script, cli.Out);
    }

    [Fact]
    public async Task Drain_NoJournal_SaysSo()
    {
        var cli = new TestCli();

        Assert.Equal(1, await cli.RunAsync("journal", "drain", "-c", Sqlite(), "--timeout", "0"));

        Assert.StartsWith($"there is no journal in {_folder.Path}", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("8d")]
    [InlineData("")]
    public async Task Drain_WrongTimeout_IsWrongUsage(string timeout) =>
        Assert.Equal(2, await new TestCli().RunAsync("journal", "drain", "--timeout", timeout));

    [Fact]
    public async Task Drain_Sqlite_CountsBesideTheServerAndWithoutIt()
    {
        await AcceptAsync(Sqlite(), async () => await AssertUnfinishedAsync(Sqlite(), 0, expected: "no event is unfinished"), events: 0);
        await AcceptAsync(Sqlite(), async () => await AssertUnfinishedAsync(Sqlite(), 1, expected: "2 events are still unfinished"), events: 2);

        await AssertUnfinishedAsync(Sqlite(), 1, expected: "2 events are still unfinished");
    }

    [PostgresFact]
    public async Task Drain_PostgreSql_CountsBesideTheServerAndWithoutIt()
    {
        string config = await PostgresAsync();
        await AcceptAsync(config, async () => await AssertUnfinishedAsync(config, 1, expected: "2 events are still unfinished"), events: 2);

        await AssertUnfinishedAsync(config, 1, expected: "2 events are still unfinished");
    }

    [Fact]
    public async Task Drain_WhileWaiting_TellsHowManyAndEndsAtTheLimit()
    {
        await AcceptAsync(Sqlite(), () => Task.CompletedTask, events: 1);
        var cli = new TestCli();

        Assert.Equal(1, await cli.RunAsync("journal", "drain", "-c", Sqlite(), "--timeout", "1"));

        Assert.Equal("1 event is unfinished\n", cli.Out);
        Assert.StartsWith("1 event is still unfinished in ", cli.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Drain_DatabaseWithoutJournal_SaysSo()
    {
        var cli = new TestCli();

        Assert.Equal(1, await cli.RunAsync("journal", "drain", "-c", await PostgresAsync(), "--timeout", "0"));

        Assert.Contains("holds no journal of Talon", cli.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Server_OnPostgreSqlWithUnfinishedSqliteJournal_RefusesWithTheirNumber()
    {
        await AcceptAsync(Sqlite(), () => Task.CompletedTask, events: 2);
        var cli = new TestCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", await PostgresAsync(), "-r", _rules));

        string fatal = Assert.Single(cli.Log.Split('\n'), line => line.Contains(" FTL journal ", StringComparison.Ordinal));
        Assert.Contains("still holds 2 unfinished events", fatal, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cli.Log, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Server_OnPostgreSqlWithFinishedSqliteJournal_Starts()
    {
        await AcceptAsync(Sqlite(), () => Task.CompletedTask, events: 0);
        await AcceptAsync(await PostgresAsync(), () => Task.CompletedTask, events: 1);
    }

    [PostgresFact]
    public async Task Server_OnPostgreSqlWithSqliteJournalThatWasNeverUsed_Starts()
    {
        // What a start leaves behind that ended before it made its tables.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "journal"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "journal", "journal.db"), "");

        await AcceptAsync(await PostgresAsync(), () => Task.CompletedTask, events: 1);
    }

    [PostgresFact]
    public async Task Server_OnPostgreSqlWithSqliteJournalThatLostItsSnapshots_Refuses()
    {
        await AcceptAsync(Sqlite(), () => Task.CompletedTask, events: 2);
        File.Delete(Path.Combine(_folder.Path, "journal", "snapshots.db"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "journal", "snapshots.db"), "");
        var cli = new TestCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", await PostgresAsync(), "-r", _rules));

        Assert.Contains("cannot be read", Assert.Single(cli.Log.Split('\n'), line => line.Contains(" FTL journal ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Server_StoppedWhileItWaitsForItsDatabase_EndsFine()
    {
        await using var server = await PostgresServer.StartNewAsync();
        string config = Config($"provider: postgresql, connection_string: \"{server.ConnectionString()}\"");
        await server.StopAsync();
        var cli = new TestCli();
        using var stop = new CancellationTokenSource();
        var run = cli.RunAsync(["server", "-c", config, "-r", _rules], stop.Token);

        await Eventually.TrueAsync(() => cli.Log.Contains("protected namespaces", StringComparison.Ordinal), "it starts");
        await stop.CancelAsync();

        Assert.Equal(0, await run);
        Assert.Contains("Falco Talon was stopped before it had started", cli.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(" FTL ", cli.Log, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Server_OnPostgreSql_TellsNoPassword()
    {
        string log = await AcceptAsync(await PostgresAsync(), () => Task.CompletedTask, events: 1);

        Assert.Contains("WRN journal error=\"fsync is off in PostgreSQL at 127.0.0.1:", log, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, log, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Server_WrongPassword_IsOneClearLine()
    {
        string file = _folder.Write("secret", (await SharedPostgres.GetAsync()).ConnectionString() + ";Password=wr0ng");
        var cli = new TestCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", Config($"provider: postgresql, connection_string_file: {file}"), "-r", _rules));

        string fatal = Assert.Single(cli.Log.Split('\n'), line => line.Contains(" FTL journal ", StringComparison.Ordinal));
        Assert.Contains("28P01", fatal, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", cli.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cli.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData(" \n", "is empty")]
    public async Task Server_ConnectionStringFileThatIsOfNoUse_IsOneClearLine(string? content, string expected)
    {
        string file = content is null ? "/nowhere/secret" : _folder.Write("secret", content);
        var cli = new TestCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", Config($"provider: postgresql, connection_string_file: {file}"), "-r", _rules));

        Assert.Contains(expected, Assert.Single(cli.Log.Split('\n'), line => line.Contains(" FTL journal ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cli.Log, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task AssertUnfinishedAsync(string config, int code, string expected)
    {
        var cli = new TestCli();
        Assert.Equal(code, await cli.RunAsync("journal", "drain", "-c", config, "--timeout", "0"));
        Assert.StartsWith(expected, cli.Out + cli.Error, StringComparison.Ordinal);
    }

    /// <summary>Starts a server, lets it accept events, does something beside it, and stops it.</summary>
    private async Task<string> AcceptAsync(string config, Func<Task> beside, int events)
    {
        var cli = new TestCli();
        using var stop = new CancellationTokenSource();
        var run = cli.RunAsync(["server", "-c", config, "-r", _rules], stop.Token);
        await Task.WhenAny(cli.Listening.Task, run);
        Assert.True(cli.Listening.Task.IsCompleted, cli.Log + cli.Error);
        using var client = new HttpClient { BaseAddress = await cli.Listening.Task };
        for (int i = 0; i < events; i++)
        {
            string body = TestEvents.Shell.Replace("user=svc", $"user={i}", StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/", new StringContent(body))).StatusCode);
        }

        await beside();
        await stop.CancelAsync();
        Assert.Equal(0, await run);
        return cli.Log;
    }

    private async Task<string> PostgresAsync()
    {
        var server = await SharedPostgres.GetAsync();
        string file = _folder.Write("secret", $"\n {server.ConnectionString(await server.CreateDatabaseAsync())} \n");
        return Config($"provider: postgresql, connection_string_file: {file}");
    }

    private string Sqlite() => Config("provider: sqlite");

    private string Config(string journal) => _folder.Write(
        $"config-{journal.Length}.yaml",
        $"""
        listen_address: 127.0.0.1
        listen_port: 0
        log_format: text
        journal: {"{"}path: {Path.Combine(_folder.Path, "journal")}, {journal}{"}"}
        cluster: {"{"}port: 0{"}"}
        shutdown: {"{"}grace_period: 1{"}"}
        """);
}
