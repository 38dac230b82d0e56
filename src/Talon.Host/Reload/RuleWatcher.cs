using Talon.Actors.Telemetry;
using Talon.Host.Hosting;
using Talon.Rules.Loading;

namespace Talon.Host.Reload;

/// <summary>
/// Watches the rule files while the server runs, and has what changed read once it is quiet. One look at a time, each over all
/// files. Nothing that is wrong with files, links or watches ends it, or the server.
/// </summary>
internal sealed class RuleWatcher : BackgroundService
{
    private readonly RuleWatch _watch;
    private readonly RuleReload _reload;
    private readonly LookSchedule _schedule;
    private readonly RuleFileHints _hints;
    private readonly ITalonLog _log;

    public RuleWatcher(RuleWatch watch, RuleBook book, ITalonLog log, TimeProvider time)
    {
        _watch = watch;
        _log = log;
        _reload = new RuleReload(book, watch.ContentHash, watch.Catalog, log);
        _schedule = new LookSchedule(watch.Options, time);
        _hints = new RuleFileHints(watch.Files, watch.Start, _schedule.Notice, log, watch.Options.Poll);
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
                Look(reason);
                reason = await _schedule.DueAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            _hints.Dispose();
        }
    }

    private void Look(LookReason reason)
    {
        _schedule.Begin();
        try
        {
            // First the watches, then the files: what changes after the reading gives a sign.
            _hints.Arm(anew: reason == LookReason.Change);
            var snapshot = RuleFileSnapshot.Read(_watch.Files);
            if (reason == LookReason.Change)
            {
                _reload.Look(snapshot);
            }
            else if (_reload.IsNew(snapshot))
            {
                // Whoever writes may not be done: the quiet period counts here too.
                _schedule.Notice();
            }
        }
        catch (Exception e)
        {
            _log.Write(new LogLine("rules") { Level = LogLineLevel.Error, Error = $"a fault in the watching of rules: {e}" });
        }
    }
}
