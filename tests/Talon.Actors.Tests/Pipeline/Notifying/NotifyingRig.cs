using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;

namespace Talon.Actors.Tests.Pipeline.Notifying;

/// <summary>Pipelines of notifiers, with what they log and count.</summary>
internal sealed class NotifyingRig : IDisposable, IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();

    public NotifyingRig()
    {
        var scope = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "falcosecurity_falco_talon_notifications" or "talon_notifier_records" && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var all = tags.ToArray();
            string? Tag(string name) => Array.Find(all, tag => tag.Key == name).Value as string;
            bool isRecord = instrument.Name == "talon_notifier_records";
            (isRecord ? Records : Counts).AddOrUpdate($"{Tag("notifier")} {Tag(isRecord ? "end" : "status")}", value, (_, before) => before + value);
        });
        _listener.Start();
    }

    public static NotifyingOptions Fast { get; } = new()
    {
        BatchWindow = TimeSpan.FromMilliseconds(20),
        Deadline = TimeSpan.FromMilliseconds(200),
        FirstDelay = TimeSpan.FromMilliseconds(10),
        LongestDelay = TimeSpan.FromMilliseconds(50),
        FlushTime = TimeSpan.FromMilliseconds(500),
        EndTime = TimeSpan.FromMilliseconds(100),
    };

    /// <summary>For notifiers that answer: on a busy machine nothing is given up for its time.</summary>
    public static NotifyingOptions Patient { get; } = Fast with { Deadline = TimeSpan.FromSeconds(20), FlushTime = TimeSpan.FromSeconds(20) };

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Func<double> Jitter { get; init; } = () => 0.5;

    public ConcurrentQueue<LogLine> Lines { get; } = new();

    /// <summary>Notifications by <c>notifier status</c>.</summary>
    public ConcurrentDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Records by <c>notifier end</c>.</summary>
    public ConcurrentDictionary<string, long> Records { get; } = new(StringComparer.Ordinal);

    public NotificationHub Start(ActorSystem system, NotifyingOptions options, string[] defaults, params INotifier[] notifiers) =>
        Start(system, options, defaults, [.. notifiers.Select(notifier => new ConfiguredNotifier(notifier, DeliverySettings.All))]);

    public NotificationHub Start(ActorSystem system, NotifyingOptions options, string[] defaults, params ConfiguredNotifier[] notifiers) => NotificationHub.Start(
        system,
        notifiers,
        defaults,
        options,
        new NotifyingParts(Clock, Jitter, new Capturing(Lines), new TalonMeters(_services.GetRequiredService<IMeterFactory>())));

    /// <summary>Waits for something, and says what was counted and logged when it does not come.</summary>
    public Task UntilAsync(Func<bool> condition) => Eventually.TrueAsync(condition, Told);

    /// <summary>What was counted and logged.</summary>
    public string Told() => string.Join('\n', Records.Select(each => $"{each.Key}: {each.Value}").Concat(Lines.Select(line => $"{line.Message} {line.Notifier} {line.Status} {line.Error} {line.Result}")));

    public long Record(string nameAndEnd) => Records.GetValueOrDefault(nameAndEnd);

    /// <summary>That each record of a notifier ended exactly once, and how.</summary>
    public void AssertEnds(string notifier, int delivered, int dropped, int dead)
    {
        Assert.Equal(
            (delivered + dropped + dead, delivered, dropped, dead),
            (Record($"{notifier} told"), Record($"{notifier} delivered"), Record($"{notifier} dropped"), Record($"{notifier} dead")));
    }

    /// <summary>Whether as many records of a notifier ended as there were, however they did.</summary>
    public bool HaveAllEnded(string notifier) =>
        Record($"{notifier} told") == Record($"{notifier} delivered") + Record($"{notifier} dropped") + Record($"{notifier} dead");

    public IEnumerable<string?> Health => Lines.Where(line => line.Message == "health").Select(line => line.Status == "failure" ? line.Error : line.Result);

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    private sealed class Capturing(ConcurrentQueue<LogLine> lines) : ITalonLog
    {
        public void Write(LogLine line) => lines.Enqueue(line);
    }
}
