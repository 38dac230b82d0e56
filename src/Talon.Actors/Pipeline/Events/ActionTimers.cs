using Akka.Actor;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>The timers that an <see cref="EventActor"/> keeps for each of its actions, one of each kind. Each sends it a <see cref="Due"/>.</summary>
internal readonly struct ActionTimers(ITimerScheduler timers)
{
    /// <summary>The action becomes too old.</summary>
    public const string Expiry = "expiry";

    /// <summary>The backoff after a failure.</summary>
    public const string Retry = "retry";

    /// <summary>What the action needs may be there by then.</summary>
    public const string Later = "later";

    /// <summary>An attempt counts as lost.</summary>
    public const string Lost = "lost";

    /// <summary>An attempt that runs elsewhere is asked about again.</summary>
    public const string Look = "look";

    private static readonly string[] OfAnEndedAttempt = [Lost, Look, Expiry, Retry, Later];

    /// <summary>Starts one anew. When <paramref name="giveUp"/> is an attempt, it counts as lost by then.</summary>
    public void Start(string kind, int position, TimeSpan delay, int giveUp = 0) =>
        timers.StartSingleTimer((kind, position), new Due(position, giveUp), delay);

    /// <summary>Starts one that ends at a moment of the clock.</summary>
    // A clock that was set back must not make a timer that never comes; it fires, looks again, and is set anew.
    public void Start(string kind, int position, long milliseconds) =>
        Start(kind, position, TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 1, 3_600_000)));

    /// <summary>Whether it runs.</summary>
    public bool Runs(string kind, int position) => timers.IsTimerActive((kind, position));

    /// <summary>Whether the action is not to be begun before its timer is over, whatever else happens meanwhile.</summary>
    public bool Rests(int position) => Runs(Later, position);

    /// <summary>Stops those of an attempt that is over.</summary>
    public void Stop(int position)
    {
        foreach (string kind in OfAnEndedAttempt)
        {
            timers.Cancel((kind, position));
        }
    }

    /// <summary>Look at this action again; when <c>GiveUp</c> is an attempt, count that attempt as lost.</summary>
    internal sealed record Due(int Position, int GiveUp) : Local;
}
