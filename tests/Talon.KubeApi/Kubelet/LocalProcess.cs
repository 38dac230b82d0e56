using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Talon.KubeApi.Kubelet;

/// <summary>A command of a container as a process of this machine, in a session of its own so that all of it can be ended.</summary>
internal sealed partial class LocalProcess : IDisposable
{
    private const int SigKill = 9;
    private const int ChunkSize = 32 * 1024;

    private readonly Process _process;

    private LocalProcess(Process process)
    {
        _process = process;
        Id = process.Id;
    }

    /// <summary>Also the id of the process group and of the session.</summary>
    public int Id { get; }

    /// <returns>Null and the words of the container runtime when the command cannot be started.</returns>
    public static LocalProcess? Start(ContainerFolder folder, IReadOnlyList<string> argv, IEnumerable<KeyValuePair<string, string>> environment, out string fault)
    {
        fault = "args must not be empty";
        if (argv.Count == 0)
            return null;
        if (argv.Any(a => a.Contains('\0', StringComparison.Ordinal)))
        {
            fault = "unable to start container process: exec: invalid argument";
            return null;
        }

        if (folder.Find(argv[0], out var missing) is not { } program)
        {
            fault = $"unable to start container process: {missing}";
            return null;
        }

        // setsid replaces itself by the command: the same process, with the arguments as they are and no shell in between.
        var start = new ProcessStartInfo("/usr/bin/setsid")
        {
            WorkingDirectory = folder.Home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(program);
        foreach (var argument in argv.Skip(1))
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["PATH"] = folder.SearchPath;
        start.Environment["HOME"] = folder.Home;
        start.Environment["TMPDIR"] = folder.Temporary;
        try
        {
            return new LocalProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            fault = $"unable to start container process: exec: \"{argv[0]}\": {e.Message}";
            return null;
        }
    }

    /// <summary>Carries input and output until the command and everything that holds its output has ended.</summary>
    /// <returns>The exit code; 128 + n when signal n ended it.</returns>
    public async Task<int> RunAsync(ExecPipes pipes)
    {
        var input = FeedAsync(pipes);
        await Task.WhenAll(
            CopyAsync(_process.StandardOutput.BaseStream, 1, pipes),
            CopyAsync(_process.StandardError.BaseStream, 2, pipes),
            _process.WaitForExitAsync());
        _ = input.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        return _process.ExitCode;
    }

    /// <summary>Ends the command and all it started, unless that left the session.</summary>
    public void Kill() => _ = Kill(-Id, SigKill);

    public void Dispose() => _process.Dispose();

    private async Task FeedAsync(ExecPipes pipes)
    {
        try
        {
            await foreach (var chunk in pipes.Stdin.ReadAllAsync())
            {
                await _process.StandardInput.BaseStream.WriteAsync(chunk);
                await _process.StandardInput.BaseStream.FlushAsync();
            }

            _process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The command has ended or reads no more.
        }

        await foreach (var _ in pipes.Stdin.ReadAllAsync())
        {
            // What nobody reads must not hold up the client.
        }
    }

    private static async Task CopyAsync(Stream from, byte channel, ExecPipes pipes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        int read;
        while ((read = await from.ReadAsync(buffer.AsMemory(0, ChunkSize))) > 0)
            await pipes.Write(channel, buffer.AsMemory(0, read));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
