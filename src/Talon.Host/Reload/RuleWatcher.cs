using Talon.Actors.Telemetry;
using Talon.Host.Hosting;
using Talon.Rules.Loading;

namespace Talon.Host.Reload;

/// <summary>
/// Watches the rule files while the server runs, and has what changed read once it is quiet. One look at a time, each over all
/// files. Nothing that is wrong with files, links or watches ends it, or the server. What asks the disk runs on a thread of its own,
/// which is waited for within bounds: a mount that hangs never answers.
/// </summary>
internal sealed class RuleWatcher : BackgroundService
{
    private readonly RuleWatch _watch;
    private readonly RuleReload _reload;
    private readonly LookSchedule _schedule;
    private readonly RuleFileHints _hints;
    private readonly UnsteadyFiles _unsteady;
    private readonly TimeProvider _time;
    private Task<(RuleFileSnapshot Snapshot, bool Steady)>? _reading;

    public RuleWatcher(RuleWatch watch, RuleBook book, ITalonLog log, TimeProvider time)
    {
        _watch = watch;
        _time = time;
        _reload = new RuleReload(book, watch.ContentHash, watch.Catalog, log);
        _schedule = new LookSchedule(watch.Options, time);
        _hints = new RuleFileHints(watch.Files, watch.Start, _schedule.Notice, log, watch.Options.Poll);
        _unsteady = new UnsteadyFiles(watch.Options.LongestUnsteady, log, time);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // What changed between the loading and now has given no sign.
            var reason = LookReason.Poll;
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(reason, stoppingToken);
                reason = await _schedule.DueAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            // A reading that hangs may be in the middle of the watches; stopping does not wait for it.
            _ = (_reading ?? Task.CompletedTask).ContinueWith(
                _ => _hints.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task LookAsync(LookReason reason, CancellationToken stoppingToken)
    {
        _schedule.Begin();
        try
        {
            var reading = Task.Factory.StartNew(() => Read(reason), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            _reading = reading;
            await ((Task)reading).WaitAsync(_watch.Options.LongestRead, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
            if (!reading.IsCompleted)
            {
                await HangsAsync(reading, stoppingToken);
                return;
            }

            var (snapshot, steady) = await reading;
            Act(reason, snapshot, steady);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            _reload.Fail(e is IOException or UnauthorizedAccessException
                ? $"the rule files cannot be read: {e.Message}"
                : $"a fault in the watching of rules: {e}");
        }
    }

    // First the watches, then the files: what changes after the reading gives a sign.
    private (RuleFileSnapshot Snapshot, bool Steady) Read(LookReason reason)
    {
        _hints.Arm(anew: reason == LookReason.Change);
        return reason == LookReason.Change
            ? RuleFileReading.ReadTwice(_watch.Files, _watch.Read)
            : (_watch.Read(_watch.Files), Steady: true);
    }

    // No other thread is given to what hangs already. What it brings in the end is old by then.
    private async Task HangsAsync(Task reading, CancellationToken stoppingToken)
    {
        string names = string.Join(", ", _watch.Files.Select(file => file.Name));
        _reload.Fail($"the rule files cannot be read: no answer within {_watch.Options.LongestRead.TotalSeconds:0} s ({names})");
        await reading.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stoppingToken.ThrowIfCancellationRequested();
        _schedule.Notice();
    }

    private void Act(LookReason reason, RuleFileSnapshot snapshot, bool steady)
    {
        if (reason == LookReason.Change && _unsteady.Tell(!steady || _schedule.HasSigns))
        {
            _schedule.Notice();
        }
        else if (reason == LookReason.Change)
        {
            _reload.Look(snapshot);
        }
        else if (_reload.IsNew(snapshot))
        {
            // Whoever writes may not be done: the quiet period counts here too.
            _schedule.Notice();
        }
    }
}
