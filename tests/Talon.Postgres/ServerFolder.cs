using System.Diagnostics;
using System.Security.Cryptography;

namespace Talon.Postgres;

/// <summary>
/// The temporary folder of one server: its data and its log. A guard process ends the server and removes the folder when this
/// process ends, however it ends.
/// </summary>
internal sealed class ServerFolder : IAsyncDisposable
{
    // $1 is the folder. Its standard input is a pipe from this process: it ends when this process does. The pid in the file may be
    // that of another process by now, so the command line must name the folder.
    private const string GuardScript =
        """
        trap '' INT TERM HUP
        cat >/dev/null
        exec 2>/dev/null
        pid=$(head -n 1 "$1/data/postmaster.pid")
        if [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "$1/"; then
          for child in $(cat "/proc/$pid/task/$pid/children"); do kill -KILL "$child"; done
          kill -KILL "$pid"
        fi
        for try in 1 2 3 4 5; do rm -rf "$1" && break; sleep 1; done
        """;

    private readonly Process _guard;

    private ServerFolder(string path, Process guard)
    {
        Path = path;
        _guard = guard;
    }

    public string Path { get; }

    public string Data => System.IO.Path.Combine(Path, "data");

    public string Log => System.IO.Path.Combine(Path, "postgres.log");

    /// <summary>Makes the folder and its guard.</summary>
    public static ServerFolder Make()
    {
        string path = System.IO.Path.Combine(
            System.IO.Path.GetTempPath(), "talon-postgres-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
        Directory.CreateDirectory(path);
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (string argument in (string[])["-c", GuardScript, "talon-postgres-guard", path])
        {
            start.ArgumentList.Add(argument);
        }

        return new ServerFolder(path, Process.Start(start)!);
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }
}
