using System.Net;
using System.Net.Sockets;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Cli;

/// <summary>The server with its real pipeline, in this process, on free ports and in a folder of its own.</summary>
public sealed class ServerCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _rules;

    public ServerCommandTests() => _rules = _folder.Write("rules.yaml", TestRules.Shell);

    [Fact]
    public async Task Server_UntilCancelled_ServesAndEndsFine()
    {
        var cli = NewCli();
        using var stop = new CancellationTokenSource();
        var run = cli.RunAsync(["server", "-c", Config(), "-r", _rules], stop.Token);
        var address = await ListeningAsync(cli, run);
        using var client = new HttpClient { BaseAddress = address };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/", new StringContent(TestEvents.Other))).StatusCode);
        await stop.CancelAsync();

        Assert.Equal(0, await run);
        string[] lines = cli.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("INF init result=\"1 rule has been successfully loaded (hash ", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.EndsWith($"INF http result=\"Falco Talon is up and listening on {address.Authority}\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("INF http result=\"Falco Talon is shutting down\"", StringComparison.Ordinal));
        Assert.EndsWith("INF http result=\"Falco Talon has stopped\"", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("listen_port")]
    [InlineData("cluster: {port}")]
    public async Task Server_PortInUse_IsOneClearLine(string key)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var cli = NewCli();
        cli.Environment[key == "listen_port" ? "LISTEN_PORT" : "CLUSTER_PORT"] = $"{port}";

        Assert.Equal(1, await cli.RunAsync("server", "-c", Config(), "-r", _rules));

        string fatal = Assert.Single(cli.Log.Split('\n'), line => line.Contains(" FTL ", StringComparison.Ordinal));
        Assert.Contains($"127.0.0.1:{port}", fatal, StringComparison.Ordinal);
        Assert.Contains("in use by another process", fatal, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cli.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_InvalidRules_TellsEachAndEnds()
    {
        string rules = _folder.Write("broken.yaml", "- rule: A\n  actions:\n    - action: X\n      actionner: no:thing\n");
        var cli = NewCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", Config(), "-r", rules));
        Assert.Contains($"{rules}:4:", cli.Error, StringComparison.Ordinal);
        Assert.Contains("FTL rules error=\"invalid rules\"", cli.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_BrokenConfiguration_TellsAllErrorsAndEnds()
    {
        var cli = NewCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", _folder.Write("bad.yaml", "listen_prt: 1\ndry_run: 7\n"), "-r", _rules));
        Assert.Equal(3, cli.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty(cli.Log);
    }

    [Fact]
    public async Task Server_ConfigurationMissing_Ends()
    {
        var cli = NewCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", "/nowhere/config.yaml", "-r", _rules));
        Assert.Contains("/nowhere/config.yaml: the configuration file cannot be read", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingress: {auth: token, token_file: /nowhere/token}", "/nowhere/token")]
    [InlineData("ingress: {tls: {cert: /nowhere/c.pem, key: /nowhere/k.pem}}", "ingress.tls.cert: '/nowhere/c.pem'")]
    public async Task Server_SecretsMissing_IsOneClearLine(string config, string named)
    {
        var cli = NewCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", Config(config), "-r", _rules));
        Assert.Contains(named, Assert.Single(cli.Log.Split('\n'), line => line.Contains(" FTL http ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cli.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_KeyWithoutEffect_IsAWarningAtStart()
    {
        var cli = NewCli();
        using var stop = new CancellationTokenSource();
        var run = cli.RunAsync(["server", "-c", Config("aws: {region: x}"), "-r", _rules], stop.Token);
        await ListeningAsync(cli, run);
        await stop.CancelAsync();

        Assert.Equal(0, await run);
        Assert.Contains("WRN config result=\"", cli.Log, StringComparison.Ordinal);
        Assert.Contains("aws.region has no effect in this version", cli.Log, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static TestCli NewCli() => new() { Environment = new Dictionary<string, string>(StringComparer.Ordinal) };

    private static async Task<Uri> ListeningAsync(TestCli cli, Task<int> run)
    {
        var first = await Task.WhenAny(cli.Listening.Task, run, Task.Delay(TimeSpan.FromSeconds(60)));
        Assert.True(first == cli.Listening.Task, cli.Log + cli.Error);
        return await cli.Listening.Task;
    }

    private string Config(string more = "") => _folder.Write(
        "config.yaml",
        $"""
        listen_address: 127.0.0.1
        listen_port: 0
        log_format: text
        journal: {"{"}path: {Path.Combine(_folder.Path, "journal")}{"}"}
        cluster: {"{"}port: 0{"}"}
        shutdown: {"{"}grace_period: 1{"}"}
        {more}
        """);
}
