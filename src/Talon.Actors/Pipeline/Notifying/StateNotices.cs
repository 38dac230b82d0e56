using System.Collections.Concurrent;
using System.Globalization;
using Talon.Actors.Plugins;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>Tells the default notifiers how Talon itself is doing: one record a minute at most about each part. Safe from any thread; never blocks.</summary>
public sealed class StateNotices
{
    private const int LongestText = 2048;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly NotificationHub _hub;
    private readonly TimeProvider _clock;
    private readonly string _node;

    // Few: the parts are named in code.
    private readonly ConcurrentDictionary<string, long> _told = new(StringComparer.Ordinal);

    internal StateNotices(NotificationHub hub, TimeProvider clock, string node)
    {
        _hub = hub;
        _clock = clock;
        _node = node;
    }

    /// <summary>Something is wrong with a part of Talon.</summary>
    /// <param name="part">What, for instance <c>rules</c>.</param>
    /// <param name="problem">What is wrong, one or more lines.</param>
    public void Tell(string part, string problem)
    {
        long now = _clock.GetTimestamp();
        if (_told.TryGetValue(part, out long last) ? _clock.GetElapsedTime(last, now) < Every || !_told.TryUpdate(part, now, last) : !_told.TryAdd(part, now))
        {
            return;
        }

        var at = _clock.GetUtcNow();
        _hub.Notify(
            new Notification
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"talon/{_node}/{part}/{at.ToUnixTimeMilliseconds()}"),
                Kind = "talon",
                At = at,
                Rule = "",
                Action = part,
                Actionner = "",
                Event = "",
                FalcoRule = "",
                Priority = "",
                Status = "failure",
                FailureKind = null,
                Text = Redaction.Clean($"{part}: {problem}", LongestText),
                DryRun = false,
                Objects = Objects.None.Add("node", _node),
                Target = null,
                Artifact = null,
                TraceId = "",
                EventKey = "",
                Position = 0,
            },
            []);
    }
}
