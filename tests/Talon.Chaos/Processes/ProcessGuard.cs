using System.Diagnostics;
using System.Globalization;

namespace Talon.Chaos.Processes;

/// <summary>
/// A small shell process that ends the children of the suite when the suite is gone, however it went, kill -9 too. Each child is known by its id
/// and its time of start, so that a later process with the same id is left alone.
/// </summary>
internal static class ProcessGuard
{
    // $1 is the file with the children. Standard input is a pipe from the suite: it ends when the suite does.
    private const string Script =
        """
        trap '' INT TERM HUP
        cat >/dev/null
        while read -r pid start; do
          now=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f20)
          if [ -n "$now" ] && [ "$now" = "$start" ]; then kill -KILL "$pid"; fi
        done <"$1"
        rm -f "$1"
        """;

    private static readonly Lock Gate = new();
    private static string? _file;
    private static Process? _process;

    /// <summary>From now on the guard knows the child.</summary>
    public static void Watch(int pid)
    {
        lock (Gate)
        {
            Start();
            if (StartOf(pid) is { } start)
            {
                File.AppendAllText(_file!, string.Create(CultureInfo.InvariantCulture, $"{pid} {start}\n"));
            }
        }
    }

    /// <summary>The time of start as the kernel counts it; null when there is no such process.</summary>
    internal static string? StartOf(int pid)
    {
        try
        {
            // "pid (name) state ...": the name may hold blanks and brackets.
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Start()
    {
        if (_process is { HasExited: false })
        {
            return;
        }

        _file ??= Path.GetTempFileName();
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (string argument in (string[])["-c", Script, "talon-chaos-guard", _file])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start);
    }
}
