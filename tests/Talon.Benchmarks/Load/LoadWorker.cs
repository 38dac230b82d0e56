using System.Diagnostics;
using System.Net.Sockets;

namespace Talon.Benchmarks.Load;

/// <summary>One connection of a load, and the thread that drives it.</summary>
internal sealed class LoadWorker : IDisposable
{
    private const int MostFailures = 20;
    private readonly LoadPlan _plan;
    private readonly int _number;
    private readonly CancellationToken _stop;
    private readonly HttpConnection _connection;
    private readonly RequestSource _requests;
    private int _failuresInARow;

    public LoadWorker(LoadPlan plan, int number, CancellationToken stop)
    {
        _plan = plan;
        _number = number;
        _stop = stop;
        _requests = plan.Requests(number);
        _connection = new HttpConnection(plan.Server);
    }

    public LatencyHistogram Latencies { get; } = new();

    public Dictionary<int, long> Statuses { get; } = [];

    public long Errors { get; private set; }

    /// <summary>Sends until the time or the requests are over.</summary>
    /// <param name="clock">Runs since the load began.</param>
    public void Run(Stopwatch clock)
    {
        for (long i = 0; !_stop.IsCancellationRequested && _failuresInARow < MostFailures; i++)
        {
            var begin = _plan.Rate is { } rate ? WaitForTurn(clock, i, rate) : clock.Elapsed;
            if (begin >= _plan.Duration || _requests.Next() is not { IsEmpty: false } request)
            {
                return;
            }

            Exchange(request, clock, begin);
        }
    }

    public void Dispose() => _connection.Dispose();

    // Late because an answer was late: the wait counts, as it would for a sender with a queue. Late because the timer is
    // coarse: it does not.
    private TimeSpan WaitForTurn(Stopwatch clock, long round, double rate)
    {
        var due = TimeSpan.FromSeconds(((round * _plan.Connections) + _number) / rate);
        var early = due - clock.Elapsed;
        if (early <= TimeSpan.Zero)
        {
            return due;
        }

        _stop.WaitHandle.WaitOne((int)Math.Ceiling(early.TotalMilliseconds));
        return clock.Elapsed;
    }

    private void Exchange(ReadOnlySpan<byte> request, Stopwatch clock, TimeSpan begin)
    {
        try
        {
            int status = _connection.Exchange(request);
            Latencies.Record(clock.Elapsed - begin);
            Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
            _failuresInARow = 0;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Errors++;
            _failuresInARow++;
            _connection.Drop();
        }
    }
}
