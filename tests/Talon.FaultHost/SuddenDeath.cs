using System.Diagnostics;

namespace Talon.FaultHost;

/// <summary>Counts the occurrences of a fault point and ends the process at the right one, as kill -9 does.</summary>
internal sealed class SuddenDeath(int occurrence)
{
    private int _seen;

    /// <summary>Whether this occurrence is the one.</summary>
    public bool IsDue() => Interlocked.Increment(ref _seen) == occurrence;

    /// <summary>Ends the process; does not come back.</summary>
    public static async Task DieAsync()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();

        // The signal is on its way; nothing may happen in this place any more.
        await Task.Delay(Timeout.Infinite);
    }
}
