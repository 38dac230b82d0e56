using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Talon.Chaos.Processes;

/// <summary>
/// A process that the suite has started, its output in a file. All of them are known by id, so that none outlives the suite, whatever
/// ends it.
/// </summary>
internal sealed partial class ChildProcess : IDisposable
{
    private static readonly ConcurrentDictionary<int, ChildProcess> Alive = new();

    private readonly Lock _gate = new();
    private readonly Process _process;
    private bool _disposed;

    private ChildProcess(Process process)
    {
        _process = process;
        Id = process.Id;
    }

    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>128 + n when signal n ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a .NET program; what it prints is appended to a file.</summary>
    public static ChildProcess StartDotnet(
        string library, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile)
    {
        // The shell opens the file and becomes the program: the same process, and nobody in between who must keep reading.
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        foreach (string argument in (string[])["-c", "exec \"$@\" >>\"$CHAOS_LOG\" 2>&1", "sh", dotnet, "exec", library, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["CHAOS_LOG"] = logFile;
        start.Environment.Remove("KUBECONFIG");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{library} did not start");
        process.StandardInput.Close();
        var child = new ChildProcess(process);
        Alive[process.Id] = child;
        ProcessGuard.Watch(process.Id);
        return child;
    }

    /// <summary>SIGKILL to whatever still lives: for the end of the suite.</summary>
    public static void KillAll()
    {
        foreach (var child in Alive.Values)
        {
            child.Send(Signal.Kill);
        }
    }

    /// <summary>Sends a signal. Does nothing when the process has ended.</summary>
    public void Send(Signal signal)
    {
        // Disposed by another thread at any moment; after that the id may be another process's.
        lock (_gate)
        {
            if (!_disposed && !_process.HasExited)
            {
                _ = Kill(_process.Id, (int)signal);
            }
        }
    }

    public Task WaitForExitAsync(CancellationToken ct = default) => _process.WaitForExitAsync(ct);

    public void Dispose()
    {
        Send(Signal.Kill);
        Alive.TryRemove(Id, out _);
        lock (_gate)
        {
            _disposed = true;
            _process.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
