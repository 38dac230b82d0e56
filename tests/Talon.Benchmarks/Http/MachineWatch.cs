using System.Globalization;

namespace Talon.Benchmarks.Http;

/// <summary>
/// Tells when a virtual machine was its own: looks ten times a second whether its host gave some of its time to others. What is measured
/// meanwhile tells of the host, not of us.
/// </summary>
internal sealed class MachineWatch : IAsyncDisposable
{
    // In the first line of /proc/stat, behind the name; see proc(5).
    private const int StealColumn = 7;
    private const string Statistics = "/proc/stat";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Stolen time is counted in hundredths of a second, and shows a little after it was taken.
    private static readonly TimeSpan Before = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan After = TimeSpan.FromMilliseconds(200);

    private readonly Bench _bench;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _taken = [];
    private readonly Task _looking;
    private (DateTimeOffset At, long Stolen) _last;

    public MachineWatch(Bench bench)
    {
        _bench = bench;
        _last = (bench.Now, StolenTicks());
        _looking = LookOnAsync();
    }

    /// <summary>Ends the watch with a last look.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        Look();
    }

    /// <summary>Whether the machine was its own at that time, a little before and a little after. Only after <see cref="StopAsync"/>.</summary>
    public bool WasOurs(DateTimeOffset time) => !_taken.Exists(span => span.From < time + After && span.To > time - Before);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>What all processors did not get since the start of the machine, in ticks; 0 where that is not known.</summary>
    private static long StolenTicks()
    {
        if (!File.Exists(Statistics))
        {
            return 0;
        }

        string[] columns = File.ReadLines(Statistics).First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns.Length > StealColumn + 1 ? long.Parse(columns[StealColumn + 1], CultureInfo.InvariantCulture) : 0;
    }

    private void Look()
    {
        var now = (At: _bench.Now, Stolen: StolenTicks());
        if (now.Stolen != _last.Stolen)
        {
            _taken.Add((_last.At, now.At));
        }

        _last = now;
    }

    private async Task LookOnAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The half is over.
        }
    }
}
