using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Talon.Sandbox;

/// <summary>The real <c>talon server</c>, as a process of its own.</summary>
internal sealed class TalonProcess : IAsyncDisposable
{
    // What a program needs to run at all. Everything else stays out: LISTEN_PORT or KUBECONFIG of the user's shell would win over the file.
    private static readonly string[] Inherited = ["PATH", "HOME", "USERPROFILE", "SystemRoot", "TMPDIR", "TEMP", "TMP"];

    private readonly Process _process;
    private readonly Action<JsonObject> _onLine;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _lastWords = [];
    private readonly Task _reading;

    private TalonProcess(Process process, Action<JsonObject> onLine)
    {
        _process = process;
        _onLine = onLine;
        _reading = Task.WhenAll(ReadLogAsync(), ReadErrorsAsync());
    }

    /// <summary>The number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="config">Its configuration file.</param>
    /// <param name="onLine">Called for each line of its log, in order.</param>
    public static TalonProcess Start(string config, Action<JsonObject> onLine)
    {
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        string dotnet = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(File.Exists(dotnet) ? dotnet : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "talon.dll"), "server", "-c", config },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string name in start.Environment.Keys.Where(name => !Inherited.Contains(name) && !name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        var process = Process.Start(start) ?? throw new SandboxException($"{start.FileName} did not start");
        process.StandardInput.Close();
        return new TalonProcess(process, onLine);
    }

    /// <summary>Waits until it listens.</summary>
    /// <exception cref="SandboxException">It ended before.</exception>
    public async Task<Uri> WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_listening.Task, _reading).WaitAsync(cancellationToken);
        if (!_listening.Task.IsCompleted)
            throw new SandboxException($"talon server ended before it listened:\n{LastWords()}");
        return await _listening.Task;
    }

    /// <summary>The process has ended by itself, with its last lines as the reason.</summary>
    /// <exception cref="SandboxException">It has.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
            throw new SandboxException($"talon server ended with exit code {_process.ExitCode}:\n{LastWords()}");
    }

    public async ValueTask DisposeAsync()
    {
        // No farewell: what Talon accepted is in its journal, and this journal is thrown away with its folder.
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadLogAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } text)
        {
            if (Parse(text) is not { } line)
            {
                Remember(text);
                continue;
            }

            if (line["level"]?.ToString() is not "info")
                Remember(line["error"]?.ToString() ?? line["result"]?.ToString() ?? text);
            if (line["result"]?.ToString() is { } result && result.Split("listening on ") is [_, var authority])
                _listening.TrySetResult(new Uri($"http://{authority}/"));
            _onLine(line);
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } text)
            Remember(text);
    }

    private void Remember(string text)
    {
        lock (_lastWords)
        {
            _lastWords.Add(text);
            if (_lastWords.Count > 20)
                _lastWords.RemoveAt(0);
        }
    }

    private string LastWords()
    {
        lock (_lastWords)
            return string.Join('\n', _lastWords);
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
