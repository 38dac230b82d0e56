using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Talon.Benchmarks.Processes;

/// <summary>
/// A program of ours from the output folder, as a process of its own. Its output is read and thrown away but for the end of
/// it, so that it never waits for us. Disposing ends it.
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Kept = 4096;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _name;
    private readonly Lock _gate = new();
    private readonly StringBuilder _tail = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;
    private readonly Task _error;
    private bool _ended;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
        _output = Task.Run(() => DrainAsync(process.StandardOutput.BaseStream));
        _error = Task.Run(() => DrainAsync(process.StandardError.BaseStream));
    }

    /// <summary>Starts a program.</summary>
    /// <param name="library">Its file in the output folder, for instance <c>talon.dll</c>.</param>
    /// <param name="arguments">Its command line.</param>
    public static ChildProcess Start(string library, params IEnumerable<string> arguments) =>
        Start(library, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>Starts a program with some variables of its environment set.</summary>
    public static ChildProcess Start(string library, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, library), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Talon prefers it to its own setting: the benchmark must never reach a real cluster.
        start.Environment.Remove("KUBECONFIG");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new BenchmarkException($"{library} did not start");
        return new ChildProcess(process, library);
    }

    /// <summary>Waits until it says in its output where it listens.</summary>
    public async Task<Uri> AddressAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new Uri($"http://{await _address.Task.WaitAsync(StartDeadline, cancellationToken)}");
        }
        catch (TimeoutException e)
        {
            throw new BenchmarkException($"{_name} did not listen within {StartDeadline.TotalSeconds:0} s:\n{Tail}", e);
        }
    }

    /// <summary>The end of its output.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
            {
                return _tail.ToString();
            }
        }
    }

    /// <summary>What it has used.</summary>
    public ChildUsage Usage()
    {
        _process.Refresh();
        return _process.HasExited
            ? throw new BenchmarkException($"{_name} has ended with {_process.ExitCode}:\n{Tail}")
            : new ChildUsage(_process.TotalProcessorTime, _process.WorkingSet64, _process.PeakWorkingSet64);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await Task.WhenAll(_output, _error);
        _process.Dispose();
    }

    private async Task DrainAsync(Stream stream)
    {
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            Keep(Encoding.UTF8.GetString(buffer.AsSpan(Math.Max(0, read - Kept), Math.Min(read, Kept))));
        }

        _address.TrySetException(new BenchmarkException($"{_name} ended before it listened:\n{Tail}"));
    }

    private void Keep(string text)
    {
        lock (_gate)
        {
            _tail.Append(text);
            _tail.Remove(0, Math.Max(0, _tail.Length - Kept));
            if (!_address.Task.IsCompleted && Listening().Match(_tail.ToString()) is { Success: true } match)
            {
                _address.TrySetResult(match.Groups["authority"].Value);
            }
        }
    }

    // The character behind the port shows that the port is whole.
    [GeneratedRegex(@"\blisten(s|ing) on (http://)?(?<authority>[0-9.]+:[0-9]+)[^0-9]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
