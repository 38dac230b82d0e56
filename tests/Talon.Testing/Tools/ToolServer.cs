using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Talon.Testing.Tools;

/// <summary>
/// A tool that runs as a process of its own and listens on a port of 127.0.0.1. It ends with <see cref="DisposeAsync"/>, and when this process
/// ends, however that ends.
/// </summary>
public sealed class ToolServer : IAsyncDisposable
{
    // $1 is the log. The standard input is a pipe from this process: it ends when this process does. The guard is the parent of the tool,
    // so that the process id is no other's until it has asked for its end.
    private const string GuardScript =
        """
        trap '' INT TERM HUP
        log=$1
        shift
        exec 3<&0
        "$@" >"$log" 2>&1 </dev/null 3<&- &
        echo $!
        exec >/dev/null 2>&1
        cat <&3
        kill -KILL $!
        wait $!
        rm -f "$log"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _guard;
    private readonly string _log;

    private ToolServer(Process guard, string log, int port)
    {
        _guard = guard;
        _log = log;
        Port = port;
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Where it answers: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>The process id of the tool.</summary>
    public int Pid { get; private set; }

    /// <summary>Starts fauxqs.</summary>
    public static Task<ToolServer> StartFauxqsAsync() => StartAsync(TestTool.Fauxqs, port => new ProcessStartInfo(
        "node", ["--require", TestTools.Loopback, TestTools.PathOf(TestTool.Fauxqs)])
    {
        Environment = { ["FAUXQS_PORT"] = port.ToString(CultureInfo.InvariantCulture), ["FAUXQS_LOGGER"] = "false" },
    });

    /// <summary>Starts moto.</summary>
    /// <param name="uncheckedCalls">
    /// After so many calls it checks signatures and rights: enough to make a user, a policy and a key first. Null for never.
    /// </param>
    public static Task<ToolServer> StartMotoAsync(int? uncheckedCalls = null) => StartAsync(TestTool.Moto, port =>
    {
        var start = new ProcessStartInfo(
            "/usr/bin/python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)])
        {
            Environment = { ["PYTHONPATH"] = TestTools.PathOf(TestTool.Moto) },
        };
        if (uncheckedCalls is { } calls)
        {
            start.Environment["INITIAL_NO_AUTH_ACTION_COUNT"] = calls.ToString(CultureInfo.InvariantCulture);
        }

        return start;
    });

    /// <summary>Starts the functions framework with a function.</summary>
    /// <param name="source">A JavaScript file (CommonJS) that exports the function.</param>
    /// <param name="target">The name under which it does.</param>
    public static Task<ToolServer> StartFunctionAsync(string source, string target) => StartAsync(TestTool.FunctionsFramework, port => new ProcessStartInfo(
        "node",
        [
            "--require", TestTools.Loopback, TestTools.PathOf(TestTool.FunctionsFramework), $"--source={source}", $"--target={target}",
            $"--port={port.ToString(CultureInfo.InvariantCulture)}",
        ]));

    /// <summary>Starts the mail server.</summary>
    /// <param name="settings">A file of JSON; see <c>mailserver.cjs</c>.</param>
    public static Task<ToolServer> StartSmtpAsync(string settings) => StartAsync(TestTool.SmtpServer, port => new ProcessStartInfo(
        "node",
        ["--require", TestTools.Loopback, TestTools.MailServer, TestTools.PathOf(TestTool.SmtpServer), settings, port.ToString(CultureInfo.InvariantCulture)]));

    /// <summary>The last lines that the tool wrote, for the message of a failure.</summary>
    public string LogTail() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(30)) : "";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private static async Task<ToolServer> StartAsync(TestTool tool, Func<int, ProcessStartInfo> command)
    {
        if (TestTools.WhyUnavailable(tool) is { } why)
        {
            throw new InvalidOperationException(why);
        }

        int port = FreePorts.Take(1)[0];
        string log = Path.Combine(Path.GetTempPath(), $"talon-{tool}-{Guid.NewGuid():N}.log");
        var wanted = command(port);
        var start = new ProcessStartInfo("/bin/sh", ["-c", GuardScript, "talon-tool-guard", log, wanted.FileName, .. wanted.ArgumentList])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in wanted.Environment)
        {
            start.Environment[name] = value;
        }

        var server = new ToolServer(Process.Start(start)!, log, port);
        try
        {
            server.Pid = int.Parse((await server._guard.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
            await Eventually.TrueAsync(() => tool == TestTool.SmtpServer ? ListensAsync(port) : AnswersAsync(client, server.Address), () => $"{tool} does not answer:\n{server.LogTail()}", Patience);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Whatever it answers: nobody else listens there.
    private static async Task<bool> AnswersAsync(HttpClient client, Uri address)
    {
        try
        {
            using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
