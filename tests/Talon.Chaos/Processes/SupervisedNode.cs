using Talon.Chaos.Records;

namespace Talon.Chaos.Processes;

/// <summary>
/// One talon node: its process is started again 1 s after it has ended, as a kubelet would, on the same addresses and with the same
/// settings.
/// </summary>
internal sealed class SupervisedNode : IAsyncDisposable
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    private readonly string _talon;
    private readonly TimeProvider _clock;
    private readonly Action<NodeExit> _exited;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private volatile ChildProcess? _process;

    /// <param name="setup">Who it is.</param>
    /// <param name="talon">The program.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="exited">Told of each end of the process.</param>
    public SupervisedNode(NodeSetup setup, string talon, TimeProvider clock, Action<NodeExit> exited)
    {
        Setup = setup;
        _talon = talon;
        _clock = clock;
        _exited = exited;
    }

    public NodeSetup Setup { get; }

    /// <summary>The rule file of the next start.</summary>
    public string Rules { get; set; } = "";

    /// <summary>When the process that runs now was started.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    public void Start() => _loop = KeepAsync();

    /// <summary>Sends a signal to the process that runs now, if any does.</summary>
    public void Send(Signal signal) => _process?.Send(signal);

    /// <summary>No further starts; SIGTERM, after a while SIGKILL.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await _stop.CancelAsync();
        Send(Signal.Continue);
        Send(Signal.Terminate);
        if (await Task.WhenAny(_loop, Task.Delay(patience, _clock)) != _loop)
        {
            Send(Signal.Kill);
        }

        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _process?.Send(Signal.Kill);
        await _loop;
        _stop.Dispose();
    }

    private async Task KeepAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var process = ChildProcess.StartDotnet(_talon, ["server", "-r", Rules], Setup.Environment, Setup.LogFile);
            StartedAt = _clock.GetUtcNow();
            _process = process;
            if (_stop.IsCancellationRequested)
            {
                process.Send(Signal.Kill);
            }

            await process.WaitForExitAsync();
            _process = null;
            _exited(new NodeExit(Setup.Number, process.Id, StartedAt, _clock.GetUtcNow(), process.ExitCode));
            try
            {
                await Task.Delay(RestartDelay, _clock, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
