using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>One process of <c>talon</c> or <c>talon-fault</c>, its output read line by line.</summary>
internal sealed class TalonProcess : IAsyncDisposable
{
    /// <summary>The exit code of a process that SIGKILL ended.</summary>
    public const int Killed = 128 + 9;

    // Of a long run only the newest lines are kept.
    private const int MaxLines = 200_000;

    // tests/run.sh compiles the same programs ahead of time, so that they start faster.
    private static readonly string Programs = Environment.GetEnvironmentVariable("TALON_TEST_PROGRAMS") ?? AppContext.BaseDirectory;

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<LogEvent> _log = [];
    private readonly List<string> _other = [];
    private bool _disposed;

    private TalonProcess(Process process) => _process = process;

    /// <summary>Where the ingress listens; null until it does.</summary>
    public Uri? Address { get; private set; }

    public bool HasExited => _process.HasExited;

    public IReadOnlyList<LogEvent> Log
    {
        get
        {
            lock (_gate)
            {
                return [.. _log];
            }
        }
    }

    /// <summary>Everything that was printed and is no log line: the error stream, mostly.</summary>
    public string Other
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _other);
            }
        }
    }

    public static TalonProcess Start(string program, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(Programs, $"{program}.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var talon = new TalonProcess(process);
        process.OutputDataReceived += (_, e) => talon.Read(e.Data);
        process.ErrorDataReceived += (_, e) => talon.Read(e.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return talon;
    }

    /// <summary>Waits until events are taken in.</summary>
    public async Task<TalonProcess> ListeningAsync()
    {
        await Eventually.TrueAsync(
            () => Address is not null || (HasExited ? throw new InvalidOperationException($"the process ended with {_process.ExitCode}\n{Tail()}") : false),
            () => $"the process does not listen\n{Tail()}");
        return this;
    }

    /// <summary>Waits for a log line.</summary>
    public Task<LogEvent> LineAsync(Func<LogEvent, bool> predicate, string what) => Eventually.GetAsync(
        () =>
        {
            lock (_gate)
            {
                return Task.FromResult(_log.Find(line => predicate(line)));
            }
        },
        () => $"no log line: {what}\n{Tail()}");

    /// <summary>Waits for the last line of an action: success, ignored or failure.</summary>
    /// <param name="output">Falco's output text of the event.</param>
    public Task<LogEvent> OutcomeAsync(string output) => LineAsync(
        line => line.Message == "action" && line["event"] == output && line.Status is "success" or "ignored" or "failure",
        $"the outcome of '{output}'");

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"the process does not end\n{Tail()}", e);
        }

        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>SIGTERM, and the exit code 0.</summary>
    public async Task StopAsync()
    {
        await TerminateAsync();
        int code = await ExitAsync();
        Assert.True(code == 0, $"exit code {code}\n{Tail()}");
    }

    /// <summary>The last lines, for the message of a failure.</summary>
    public string Tail()
    {
        lock (_gate)
        {
            return string.Join('\n', _log.TakeLast(25).Select(line => line.Text).Concat(_other.TakeLast(25)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await ExitAsync();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        var log = LogEvent.Parse(line);
        lock (_gate)
        {
            if (log is null)
            {
                _other.Add(line);
                return;
            }

            if (_log.Count == MaxLines)
            {
                _log.RemoveRange(0, MaxLines / 2);
            }

            _log.Add(log);
        }

        var match = Regex.Match(log.Result, "listening on (?<at>[0-9.]+:[0-9]+)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        if (log.Message == "http" && match.Success)
        {
            Address = new Uri($"http://{match.Groups["at"].Value}/");
        }
    }
}
