using System.Collections.Concurrent;
using System.Collections.Frozen;
using Akka.Actor;
using Akka.Streams;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>Hands each notification to the pipelines of the notifiers that it is for. Never blocks and never throws.</summary>
internal sealed class NotificationHub
{
    // Names come from plans, and those from checked rule files; the bound is for journals of another making.
    private const int MostUnknown = 100;

    private readonly FrozenDictionary<string, NotifierPipeline> _lines;
    private readonly IReadOnlyList<string> _defaults;
    private readonly NotifyingParts _parts;
    private readonly ConcurrentDictionary<string, byte> _unknown = new(StringComparer.OrdinalIgnoreCase);

    private NotificationHub(IEnumerable<NotifierPipeline> lines, IReadOnlyList<string> defaults, NotifyingParts parts)
    {
        _lines = lines.ToFrozenDictionary(line => line.Name, StringComparer.OrdinalIgnoreCase);
        _defaults = defaults;
        _parts = parts;
    }

    /// <summary>Starts one pipeline a notifier.</summary>
    /// <param name="defaults">Those that hear of every outcome, in any case.</param>
    public static NotificationHub Start(
        ActorSystem system, IReadOnlyList<ConfiguredNotifier> notifiers, IReadOnlyList<string> defaults, NotifyingOptions options, NotifyingParts parts)
    {
        NotifierPipeline[] lines = [.. notifiers.Select(notifier => new NotifierPipeline(notifier, options, parts))];
        if (lines.Length > 0)
        {
            var materializer = system.Materializer();
            foreach (var line in lines)
            {
                line.Start(materializer);
            }
        }

        return new NotificationHub(lines, defaults, parts);
    }

    /// <summary>Hands a notification to the default notifiers and to those named, to each once.</summary>
    /// <param name="notification">The notification, redacted.</param>
    /// <param name="names">The notifiers that the rule names, in any case.</param>
    public void Notify(Notification notification, IReadOnlyList<string> names)
    {
        foreach (string name in _defaults.Concat(names).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (_lines.TryGetValue(name, out var line))
            {
                line.Add(notification);
            }
            else
            {
                Unknown(notification, name);
            }
        }
    }

    /// <summary>Stops all pipelines, all at once; what waits gets a short time to be delivered.</summary>
    public Task StopAsync() => Task.WhenAll(_lines.Values.Select(line => line.StopAsync()));

    // Rules are checked when they are loaded; a plan in the journal may have been made by another version.
    private void Unknown(Notification notification, string name)
    {
        bool isNew = _unknown.Count < MostUnknown && _unknown.TryAdd(name, 0);
        string label = _unknown.ContainsKey(name) ? name : BoundedLabel.Other;
        _parts.Meters.NotificationFinished(notification.Rule, notification.Action, notification.Actionner, label, "failure");
        if (isNew)
        {
            _parts.Log.Write(new LogLine("notification")
            {
                Level = LogLineLevel.Error,
                Rule = notification.Rule,
                Notifier = name,
                Status = "failure",
                Error = "this node has no such notifier; it is told once",
            });
        }
    }
}
