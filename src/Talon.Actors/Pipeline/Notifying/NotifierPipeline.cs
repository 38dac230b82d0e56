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
/// The pipeline of one notifier: a bounded queue, batches, one call at a time, each with a deadline. While calls fail nothing else is sent, and
/// the time between two tries grows to 30 s: that is its circuit breaker. A record is tried until it is delivered, refused for good, pushed out of
/// the full queue, or too old. Whatever its notifier does, it is in nobody else's way.
/// </summary>
internal sealed class NotifierPipeline
{
    private static readonly TimeSpan TellDropsEvery = TimeSpan.FromMinutes(1);

    private readonly INotifier _notifier;
    private readonly DeliverySettings _delivery;
    private readonly NotifyingOptions _options;
    private readonly NotifyingParts _parts;
    private readonly NotificationQueue _queue;
    private readonly NotifierCircuit _circuit;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _dropsGate = new();
    private Task _running = Task.CompletedTask;
    private Task? _hanging;
    private long? _dropsTold;
    private long _drops;

    public NotifierPipeline(ConfiguredNotifier configured, NotifyingOptions options, NotifyingParts parts)
    {
        _notifier = configured.Notifier;
        _delivery = configured.Delivery;
        _options = options;
        _parts = parts;
        _queue = new NotificationQueue(options.QueueSize);
        _circuit = new NotifierCircuit(options, parts);
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

    /// <summary>Takes a notification in, if the notifier hears of such. Never waits.</summary>
    public void Add(Notification notification)
    {
        if (!_delivery.Wants(notification))
        {
            return;
        }

        _parts.Meters.NotifierRecord(Name, RecordCount.Told);
        if (!_queue.TryAdd(notification, out var dropped))
        {
            Count(dropped, "dropped", RecordCount.Dropped);
            LogDrops();
        }
    }

    /// <summary>Takes nothing any more, gives what waits the time of a flush, and stops.</summary>
    public async Task StopAsync()
    {
        _queue.Complete();
        if (await Task.WhenAny(_running, Task.Delay(_options.FlushTime, _parts.Clock)) != _running)
        {
            await _stop.CancelAsync();
        }

        // Before the stream goes on: it would take each of them only to give it up.
        var left = _queue.Clear();
        await Task.WhenAny(_running, Task.Delay(_options.EndTime, _parts.Clock));
        foreach (var notification in left)
        {
            Count(notification, "dropped", RecordCount.Dropped);
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
        while (!(batch = await WhenDueAsync(batch)).IsEmpty)
        {
            var result = await TryAsync(batch);
            if (result is NotifyResult.Troubled trouble)
            {
                batch = Settle(batch, trouble);
                if (!batch.IsEmpty)
                {
                    Failed(trouble);
                    continue;
                }
            }

            _circuit.Answered();
            if (result is NotifyResult.Refused { Reason: var reason })
            {
                await RefusedAsync(batch, reason);
                return;
            }

            Delivered(batch);
            if (_circuit.Delivered())
            {
                _parts.Log.Healthy(Part, "delivers again");
            }

            return;
        }
    }

    // Of several that were refused together one may be to blame: they are sent by halves.
    private async Task RefusedAsync(ImmutableArray<Notification> batch, string reason)
    {
        if (batch.Length == 1)
        {
            GiveUp(batch, reason);
            return;
        }

        await DeliverAsync(batch[..(batch.Length / 2)]);
        await DeliverAsync(batch[(batch.Length / 2)..]);
    }

    // What is left of a batch when the next call may be made: while calls fail, that takes a while, and what becomes too old is given up.
    private async Task<ImmutableArray<Notification>> WhenDueAsync(ImmutableArray<Notification> batch)
    {
        while (_circuit.Trouble is { } reason)
        {
            batch = WithoutOld(batch, reason);
            var left = _circuit.Left;
            if (batch.IsEmpty || left <= TimeSpan.Zero)
            {
                return batch;
            }

            var untilOld = batch.Min(notification => notification.At) + _delivery.MaxAge - _parts.Clock.GetUtcNow();
            if (!await WaitAsync(left < untilOld ? left : untilOld))
            {
                GiveUp(batch, $"Talon ended; the last answer: {reason}");
                return [];
            }
        }

        return batch;
    }

    private void Failed(NotifyResult.Troubled trouble)
    {
        if (_circuit.Failed(trouble) && !_stop.IsCancellationRequested)
        {
            _parts.Log.Unhealthy(Part, $"does not deliver, and is tried again: {OneLine.From(trouble.Reason)}");
        }
    }

    private async Task<bool> WaitAsync(TimeSpan wait)
    {
        try
        {
            // A millisecond more than due, so that rounding never makes it come back too early for ever.
            await Task.Delay((wait > TimeSpan.Zero ? wait : TimeSpan.Zero) + TimeSpan.FromMilliseconds(1), _parts.Clock, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private ImmutableArray<Notification> WithoutOld(ImmutableArray<Notification> batch, string reason)
    {
        var now = _parts.Clock.GetUtcNow();
        ImmutableArray<Notification> old = [.. batch.Where(notification => now - notification.At >= _delivery.MaxAge)];
        GiveUp(old, $"older than max_age, {DurationText.FormatShort(_delivery.MaxAge)}; the last answer: {reason}");
        return batch.RemoveRange(old);
    }

    // What is left to be sent again of a batch that was not settled as a whole.
    private ImmutableArray<Notification> Settle(ImmutableArray<Notification> batch, NotifyResult.Troubled trouble)
    {
        if (trouble.Ends.IsDefaultOrEmpty)
        {
            return batch;
        }

        ImmutableArray<Notification> With(RecordEnd end) => [.. batch.Where((_, i) => i < trouble.Ends.Length && trouble.Ends[i] == end)];
        Delivered(With(RecordEnd.Delivered));
        GiveUp(With(RecordEnd.Refused), trouble.Reason);
        return With(RecordEnd.Again);
    }

    private async Task<NotifyResult> TryAsync(ImmutableArray<Notification> batch)
    {
        if (_stop.IsCancellationRequested)
        {
            return new NotifyResult.Troubled("Talon was stopping");
        }

        // One that does not heed its token is not called again before it has come back: at most one call of it hangs.
        if (_hanging is { IsCompleted: false })
        {
            return new NotifyResult.Troubled("the call before has not ended yet");
        }

        _hanging = null;
        using var deadline = new CancellationTokenSource(_options.Deadline, _parts.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
        Task<NotifyResult>? call = null;
        try
        {
            var token = both.Token;
            call = Task.Run(() => _notifier.SendAsync(batch, token), CancellationToken.None);
            return await call.WaitAsync(_options.Deadline + _options.EndTime, _parts.Clock, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            _hanging = call;
            return new NotifyResult.Troubled(
                _stop.IsCancellationRequested ? "Talon was stopping" : $"no end within {_options.Deadline.TotalSeconds:0.###} s");
        }
        catch (Exception e)
        {
            return new NotifyResult.Refused($"a fault in {Name}: {e.GetType().Name}: {OneLine.From(e.Message)}");
        }
    }

    private void Delivered(ImmutableArray<Notification> batch)
    {
        foreach (var notification in batch)
        {
            Count(notification, "success", RecordCount.Delivered);
            _parts.Log.Write(Line(notification) with { Status = "success" });
        }
    }

    private string Part => $"notifier {Name}";

    private void GiveUp(ImmutableArray<Notification> batch, string reason)
    {
        foreach (var notification in batch)
        {
            Count(notification, "failure", RecordCount.Dead);
        }

        if (!batch.IsEmpty)
        {
            string more = batch.Length > 1 ? $"; {batch.Length - 1} more with it" : "";
            _parts.Log.Write(Line(batch[0]) with { Level = LogLineLevel.Error, Status = "failure", Error = $"given up: {OneLine.From(reason)}{more}" });
        }
    }

    private void LogDrops()
    {
        long drops;
        lock (_dropsGate)
        {
            _drops++;
            if (_dropsTold is { } told && _parts.Clock.GetElapsedTime(told) < TellDropsEvery)
            {
                return;
            }

            _dropsTold = _parts.Clock.GetTimestamp();
            (drops, _drops) = (_drops, 0);
        }

        Log(LogLineLevel.Warn, $"{drops} notifications were dropped: {_options.QueueSize} wait already");
    }

    private void Log(LogLineLevel level, string text) =>
        _parts.Log.Write(new LogLine("notification") { Level = level, Notifier = Name, Status = "dropped", Result = text });

    private void Count(Notification notification, string status, RecordCount end)
    {
        _parts.Meters.NotifierRecord(Name, end);
        _parts.Meters.NotificationFinished(notification.Rule, notification.Action, notification.Actionner, Name, status);
    }

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
