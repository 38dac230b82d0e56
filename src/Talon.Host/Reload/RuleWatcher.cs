using Talon.Actors.Telemetry;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Reload;

/// <summary>
/// Reads the rule files every two seconds while the server runs, and applies new content once two readings in a row are equal. A file
/// that is still being written, or a ConfigMap that is swapped while two files are read, gives another reading the next time.
/// Always the whole content is compared: size and times of a file may stay the same when it changes. Nothing that is wrong with the
/// files ends this service or the server.
/// </summary>
/// <param name="tell">Tells people that the files cannot be used; null for nobody.</param>
internal sealed class RuleWatcher(RuleWatch watch, RuleBook book, ITalonLog log, TimeProvider time, Action<string>? tell = null) : BackgroundService
{
    private readonly RuleReload _reload = new(book, watch.ContentHash, watch.Catalog, log, tell);
    private readonly UnsteadyFiles _unsteady = new(watch.Options.LongestUnsteady, log, time);
    private string? _last = watch.ContentHash;

    /// <summary>Reads the files once, compares them with the reading before, and applies what they hold if that is new.</summary>
    /// <param name="stoppingToken">Ends the waiting for the disk.</param>
    public async Task CompareAsync(CancellationToken stoppingToken)
    {
        try
        {
            // On its own thread, and with a deadline: a mount that hangs never answers.
            var reading = Task.Factory.StartNew(
                () => watch.Read(watch.Files), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await ((Task)reading).WaitAsync(watch.Options.LongestRead, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
            if (!reading.IsCompleted)
            {
                await HangsAsync(reading, stoppingToken);
                return;
            }

            Compare(await reading);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Fail(e is IOException or UnauthorizedAccessException
                ? $"the rule files cannot be read: {e.Message}"
                : $"a fault in the watching of rules: {e}");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await CompareAsync(stoppingToken);
                await Task.Delay(watch.Options.Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    private void Compare(RuleFileSnapshot snapshot)
    {
        bool changed = snapshot.ContentHash != _last;
        _last = snapshot.ContentHash;
        if (!_unsteady.Tell(changed))
        {
            _reload.Apply(snapshot);
        }
    }

    // No second thread waits for a disk that hangs. What the first one reads in the end is old by then.
    private async Task HangsAsync(Task reading, CancellationToken stoppingToken)
    {
        string names = string.Join(", ", watch.Files.Select(file => file.Name));
        Fail($"the rule files cannot be read: no answer within {watch.Options.LongestRead.TotalSeconds:0} s ({names})");
        await reading.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stoppingToken.ThrowIfCancellationRequested();
    }

    private void Fail(string error)
    {
        _last = null;
        _reload.Fail(error);
    }
}
