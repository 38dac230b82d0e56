using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Talon.Host.Composition;
using Talon.Host.Reload;
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

    [Fact]
    public async Task Server_RuleNamesANotifierWithoutItsSettings_EndsWithOneLineThatNamesBoth()
    {
        string rules = _folder.Write("named.yaml", TestRules.Shell + "\n  notifiers: [slack]\n");
        var cli = NewCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", Config(), "-r", rules));

        string line = Assert.Single(cli.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains("FTL", StringComparison.Ordinal));
        Assert.Contains("': notifiers.slack: setting 'webhook_url' is missing; it is required: ", line, StringComparison.Ordinal);
        Assert.Contains("error=\"rule '", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_SecretFileOfANotifierThatHoldsNoneOfIt_EndsWithOneLineThatNamesTheKey()
    {
        string secret = _folder.Write("secret", "t0psecret");
        var cli = NewCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", Config($"default_notifiers: [slack]\nnotifiers: {{slack: {{webhook_url_file: {secret}}}}}"), "-r", _rules));

        string line = Assert.Single(cli.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains("FTL config", StringComparison.Ordinal));
        Assert.Contains("notifiers.slack.webhook_url_file: the text of the file '", line, StringComparison.Ordinal);
        Assert.DoesNotContain("t0psecret", cli.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_Start_TellsTheClusterAndTheBrakes()
    {
        string kubeconfig = _folder.Write("kubeconfig", """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u}}]
            clusters: [{name: k, cluster: {server: "http://admin:t0p@127.0.0.1:1"}}]
            users: [{name: u, user: {token: t0psecret}}]
            """);
        var cli = NewCli();
        cli.Environment["POD_NAMESPACE"] = "talon";
        using var stop = new CancellationTokenSource();
        var run = cli.RunAsync(["server", "-c", Config($"dry_run: true\nkubeconfig: {kubeconfig}\nprotected_namespaces: [vault]"), "-r", _rules], stop.Token);
        using var client = new HttpClient { BaseAddress = await ListeningAsync(cli, run) };

        using var ready = JsonDocument.Parse(await client.GetStringAsync("/readyz"));
        await Eventually.TrueAsync(() => cli.Log.Contains(" category=kubernetes result=\"using ", StringComparison.Ordinal), "the cluster is told");
        await stop.CancelAsync();

        Assert.Equal(0, await run);
        Assert.True(ready.RootElement.GetProperty("dry_run").GetBoolean());
        Assert.Contains("WRN init result=\"dry_run is on", cli.Log, StringComparison.Ordinal);
        Assert.Contains("INF init result=\"protected namespaces: talon, vault\"", cli.Log, StringComparison.Ordinal);
        string told = Assert.Single(cli.Log.Split('\n'), line => line.Contains("INF init category=kubernetes", StringComparison.Ordinal));
        Assert.Contains(kubeconfig, told, StringComparison.Ordinal);
        Assert.EndsWith(", 127.0.0.1:1\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain("t0p", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_RulesChange_AreLoadedOrToldAsWrong()
    {
        var cli = NewCli();
        using var stop = new CancellationTokenSource();
        var run = cli.RunAsync(["server", "-c", Config(), "-r", _rules], stop.Token);
        using var client = new HttpClient { BaseAddress = await ListeningAsync(cli, run) };

        _folder.Write("rules.yaml", TestRules.Named("Other"));
        await Eventually.TrueAsync(
            () => cli.Log.Contains("INF rules result=\"1 rule has been successfully reloaded (hash ", StringComparison.Ordinal), "the rules are reloaded");
        _folder.Write("rules.yaml", "- rule: [");
        await Eventually.TrueAsync(() => cli.Log.Contains("the set in force stays (hash ", StringComparison.Ordinal), "the error is told");
        using var ready = JsonDocument.Parse(await client.GetStringAsync("/readyz"));
        await stop.CancelAsync();

        Assert.Equal(0, await run);
        Assert.StartsWith(
            $"{_rules}:", ready.RootElement.GetProperty("rules").GetProperty("last_error")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_RulesFromADevice_AreNotWatchedAndThatIsTold()
    {
        bool? watched = null;
        var cli = NewCli(new TalonProgramHooks
        {
            ConfigureServices = services => watched = services.Any(service => service.ImplementationFactory?.Method.ReturnType == typeof(RuleWatcher)),
        });
        using var stop = new CancellationTokenSource();
        var run = cli.RunAsync(["server", "-c", Config(), "-r", "/dev/null"], stop.Token);
        await ListeningAsync(cli, run);
        await stop.CancelAsync();

        Assert.Equal(0, await run);
        Assert.False(watched);
        Assert.Contains("WRN rules result=\"the rules are not watched: they come from a pipe or a device\"", cli.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task Server_WatchRules_DecidesWhetherThereIsAWatcher(string setting, bool expected)
    {
        bool? watched = null;
        var cli = NewCli(new TalonProgramHooks
        {
            ConfigureServices = services => watched = services.Any(service => service.ImplementationFactory?.Method.ReturnType == typeof(RuleWatcher)),
        });
        cli.Environment["WATCH_RULES"] = setting;
        using var stop = new CancellationTokenSource();
        var run = cli.RunAsync(["server", "-c", Config(), "-r", _rules], stop.Token);
        await ListeningAsync(cli, run);
        await stop.CancelAsync();

        Assert.Equal(0, await run);
        Assert.Equal(expected, watched);
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

    [Fact]
    public async Task Server_EmptyConfigurationPath_IsOneClearLine()
    {
        var cli = NewCli();

        Assert.Equal(1, await cli.RunAsync("server", "-c", "", "-r", _rules));
        Assert.StartsWith("'': the configuration file cannot be read", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cli.Error, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("/proc/talon")]
    [InlineData("{folder}/rules.yaml")]
    [InlineData("{folder}/rules.yaml/journal")]
    public async Task Server_JournalFolderCannotBeWritten_IsOneLineThatSaysWhatToMount(string path)
    {
        string place = path.Replace("{folder}", _folder.Path, StringComparison.Ordinal);
        var cli = NewCli();
        cli.Environment["JOURNAL_PATH"] = place;

        Assert.Equal(1, await cli.RunAsync("server", "-c", Config(), "-r", _rules));

        string fatal = Assert.Single(cli.Log.Split('\n'), line => line.Contains(" FTL ", StringComparison.Ordinal));
        Assert.Contains($"mount a volume at {place} ", fatal, StringComparison.Ordinal);
        Assert.Contains("journal.path (JOURNAL_PATH)", fatal, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cli.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_KeyWithoutEffect_IsAWarningAtStart()
    {
        var cli = NewCli();
        using var stop = new CancellationTokenSource();
        var run = cli.RunAsync(["server", "-c", Config("otel: {timeout: 1}"), "-r", _rules], stop.Token);
        await ListeningAsync(cli, run);
        await stop.CancelAsync();

        Assert.Equal(0, await run);
        Assert.Contains("WRN config result=\"", cli.Log, StringComparison.Ordinal);
        Assert.Contains("otel.timeout has no effect in this version", cli.Log, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static TestCli NewCli(TalonProgramHooks? hooks = null) =>
        new() { Environment = new Dictionary<string, string>(StringComparer.Ordinal), Hooks = hooks ?? new TalonProgramHooks() };

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
