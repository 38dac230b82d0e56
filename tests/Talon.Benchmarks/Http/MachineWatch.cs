namespace Talon.Benchmarks.Http;

/// <summary>
/// Tells when a virtual machine was its own: looks twice a second how much of its time its host gave to others. What is measured while
/// that was more than a hundredth tells of the host, not of us.
/// </summary>
internal sealed class MachineWatch : IAsyncDisposable
{
    /// <summary>The share of the time between two looks that others may have had.</summary>
    public const double Limit = 0.01;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Bench _bench;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(DateTimeOffset At, MachineTime Time)> _looks = [];
    private readonly Task _looking;

    public MachineWatch(Bench bench)
    {
        _bench = bench;
        Look();
        _looking = LookOnAsync();
    }

    /// <summary>Ends the watch with a last look.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        Look();
    }

    /// <summary>Whether the machine was its own at that time, and half a second before and after. Only after <see cref="StopAsync"/>.</summary>
    public bool WasOurs(DateTimeOffset time) => _looks.Zip(_looks.Skip(1), (from, to) => (From: from, To: to)).All(span =>
        span.To.At < time - Pause || span.From.At > time + Pause || span.To.Time.StolenSince(span.From.Time) <= Limit);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private void Look() => _looks.Add((_bench.Now, MachineTime.Now()));

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
