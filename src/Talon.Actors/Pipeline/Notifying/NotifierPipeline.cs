using System.Collections.Immutable;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Rules.Text;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>
/// The pipeline of one notifier: a bounded queue, batches, one call at a time, each with a deadline, repeated with backoff until it is
/// given up. Whatever its notifier does, it is in nobody else's way.
/// </summary>
internal sealed class NotifierPipeline
{
    private static readonly TimeSpan TellDropsEvery = TimeSpan.FromMinutes(1);

    private readonly INotifier _notifier;
    private readonly NotifyingOptions _options;
    private readonly TimeProvider _clock;
    private readonly ITalonLog _log;
    private readonly TalonMeters _meters;
    private readonly NotificationQueue _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _dropsGate = new();
    private Task _running = Task.CompletedTask;
    private Task? _hanging;
    private long? _dropsTold;
    private long _drops;

    public NotifierPipeline(INotifier notifier, NotifyingOptions options, TimeProvider clock, ITalonLog log, TalonMeters meters)
    {
        _notifier = notifier;
        _options = options;
        _clock = clock;
        _log = log;
        _meters = meters;
        _queue = new NotificationQueue(options.QueueSize);
    }

    public string Name => _notifier.Descriptor.Name;

    /// <summary>Begins to deliver.</summary>
    public void Start(IMaterializer materializer) => _running = Source
        .UnfoldAsync<NotUsed, Notification>(NotUsed.Instance, NextAsync)
        .GroupedWithin(Math.Max(1, _notifier.BatchSize), _options.BatchWindow)
        .SelectAsync(1, async batch =>
        {
            await DeliverAsync([.. batch]);
            return NotUsed.Instance;
        })
        .RunWith(Sink.Ignore<NotUsed>(), materializer);

    /// <summary>Takes a notification in. Never waits.</summary>
    public void Add(Notification notification)
    {
        if (!_queue.TryAdd(notification, out var dropped))
        {
            Count(dropped, "dropped");
            LogDrops();
        }
    }

    /// <summary>Takes nothing any more, gives what waits the time of a flush, and stops.</summary>
    public async Task StopAsync()
    {
        _queue.Complete();
        if (await Task.WhenAny(_running, Task.Delay(_options.FlushTime, _clock)) != _running)
        {
            await _stop.CancelAsync();
        }

        // Before the stream goes on: it would take each of them only to give it up.
        var left = _queue.Clear();
        await Task.WhenAny(_running, Task.Delay(_options.EndTime, _clock));
        foreach (var notification in left)
        {
            Count(notification, "dropped");
        }

        if (left.Count > 0)
        {
            Log(LogLineLevel.Warn, $"{left.Count} notifications were not delivered before the end");
        }
    }

    private async Task<Option<(NotUsed, Notification)>> NextAsync(NotUsed state) =>
        await _queue.TakeAsync() is { } next ? (state, next) : Option<(NotUsed, Notification)>.None;

    // Never throws: an exception here would end the stream.
    private async Task DeliverAsync(ImmutableArray<Notification> batch)
    {
        long began = _clock.GetTimestamp();
        var delay = _options.FirstDelay;
        while (true)
        {
            var result = await TryAsync(batch);
            if (result is not NotifyResult.Failed failed)
            {
                Delivered(batch);
                return;
            }

            int left = Math.Clamp(failed.Left, 1, batch.Length);
            Delivered(batch[..^left]);
            batch = batch[^left..];
            var wait = failed.RetryAfter is { } asked && asked > delay ? asked : delay;
            if (!failed.MayRetry || _stop.IsCancellationRequested || _clock.GetElapsedTime(began) + wait > _options.MaxAge)
            {
                GiveUp(batch, failed);
                return;
            }

            try
            {
                await Task.Delay(wait, _clock, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                GiveUp(batch, failed);
                return;
            }

            delay = delay * 2 < _options.LongestDelay ? delay * 2 : _options.LongestDelay;
        }
    }

    private async Task<NotifyResult> TryAsync(ImmutableArray<Notification> batch)
    {
        // One that does not heed its token is not called again before it has come back: at most one call of it hangs.
        if (_hanging is { IsCompleted: false })
        {
            return new NotifyResult.Failed("the call before has not ended yet", MayRetry: true, null, batch.Length);
        }

        _hanging = null;
        using var deadline = new CancellationTokenSource(_options.Deadline, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
        Task<NotifyResult>? call = null;
        try
        {
            var token = both.Token;
            call = Task.Run(() => _notifier.SendAsync(batch, token), CancellationToken.None);
            return await call.WaitAsync(_options.Deadline + _options.EndTime, _clock, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            _hanging = call;
            return new NotifyResult.Failed(
                _stop.IsCancellationRequested ? "Talon was stopping" : $"no end within {_options.Deadline.TotalSeconds:0.###} s", MayRetry: true, null, batch.Length);
        }
        catch (Exception e)
        {
            return new NotifyResult.Failed($"a fault in {Name}: {e.GetType().Name}: {OneLine.From(e.Message)}", MayRetry: false, null, batch.Length);
        }
    }

    private void Delivered(ImmutableArray<Notification> batch)
    {
        foreach (var notification in batch)
        {
            Count(notification, "success");
            _log.Write(Line(notification) with { Status = "success" });
        }
    }

    private void GiveUp(ImmutableArray<Notification> batch, NotifyResult.Failed failed)
    {
        foreach (var notification in batch)
        {
            Count(notification, "failure");
        }

        string more = batch.Length > 1 ? $"; {batch.Length - 1} more with it" : "";
        _log.Write(Line(batch[0]) with { Level = LogLineLevel.Error, Status = "failure", Error = $"given up: {OneLine.From(failed.Reason)}{more}" });
    }

    private void LogDrops()
    {
        long drops;
        lock (_dropsGate)
        {
            _drops++;
            if (_dropsTold is { } told && _clock.GetElapsedTime(told) < TellDropsEvery)
            {
                return;
            }

            _dropsTold = _clock.GetTimestamp();
            (drops, _drops) = (_drops, 0);
        }

        Log(LogLineLevel.Warn, $"{drops} notifications were dropped: {_options.QueueSize} wait already");
    }

    private void Log(LogLineLevel level, string text) =>
        _log.Write(new LogLine("notification") { Level = level, Notifier = Name, Status = "dropped", Result = text });

    private void Count(Notification notification, string status) =>
        _meters.NotificationFinished(notification.Rule, notification.Action, notification.Actionner, Name, status);

    private LogLine Line(Notification notification) => new("notification")
    {
        Rule = notification.Rule,
        Action = notification.Action,
        Actionner = notification.Actionner,
        Notifier = Name,
        TraceId = notification.TraceId,
        EventKey = notification.EventKey,
    };
}
