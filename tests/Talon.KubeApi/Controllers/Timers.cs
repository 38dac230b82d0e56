namespace Talon.KubeApi.Controllers;

/// <summary>One-shot timers on the clock of the server; all are stopped with it.</summary>
internal sealed class Timers(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<ITimer> _running = [];
    private bool _disposed;

    public void After(TimeSpan wait, Action action)
    {
        ITimer? timer = null;
        lock (_gate)
        {
            if (_disposed)
                return;
            timer = time.CreateTimer(_ => Fire(timer, action), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _running.Add(timer);
        }

        // Outside of the gate: a test clock runs an action that is due at once right here, and that takes the gate of the store.
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var timer in _running)
                timer.Dispose();
            _running.Clear();
        }
    }

    private void Fire(ITimer? timer, Action action)
    {
        lock (_gate)
        {
            if (_disposed || timer is null || !_running.Remove(timer))
                return;
            timer.Dispose();
        }

        action();
    }
}
