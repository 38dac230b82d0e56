using Akka.Actor;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>Why an <see cref="EventActor"/> returns to one of its actions.</summary>
internal enum ActionTimer
{
    /// <summary>The action becomes too old.</summary>
    Expiry,

    /// <summary>The backoff after a failure ends.</summary>
    Retry,

    /// <summary>What the action needs may be there by now.</summary>
    Pause,

    /// <summary>An attempt counts as lost.</summary>
    Lost,

    /// <summary>An open attempt is asked about again.</summary>
    Ask,
}

/// <summary>The timers that an <see cref="EventActor"/> keeps for each of its actions, one of each kind. Each sends it a <see cref="Due"/>.</summary>
internal readonly struct ActionTimers(ITimerScheduler timers)
{
    private static readonly ActionTimer[] Kinds = Enum.GetValues<ActionTimer>();

    /// <summary>Starts one anew.</summary>
    public void Start(ActionTimer timer, int position, TimeSpan delay, int attempt = 0) =>
        timers.StartSingleTimer((timer, position), new Due(timer, position, attempt), delay);

    /// <summary>Starts one unless it runs.</summary>
    public void StartOnce(ActionTimer timer, int position, TimeSpan delay, int attempt)
    {
        if (!Runs(timer, position))
        {
            Start(timer, position, delay, attempt);
        }
    }

    /// <summary>Starts one that ends at a moment of the clock, in so many milliseconds.</summary>
    // A clock that was set back must not make a timer that never comes; it fires, the time is checked again, and it is set anew.
    public void StartAt(ActionTimer timer, int position, long milliseconds) =>
        Start(timer, position, TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 1, 3_600_000)));

    /// <summary>Starts one that is to end at a moment, ms since 1970, unless it runs or there is none.</summary>
    public void Await(ActionTimer timer, int position, long? at, long now)
    {
        if (at is { } moment && !Runs(timer, position))
        {
            StartAt(timer, position, moment - now);
        }
    }

    private bool Runs(ActionTimer timer, int position) => timers.IsTimerActive((timer, position));

    /// <summary>Stops those of an attempt that is over.</summary>
    public void Stop(int position)
    {
        foreach (var timer in Kinds)
        {
            timers.Cancel((timer, position));
        }
    }

    /// <summary>A timer of an action, and of an attempt if it is about one, is over.</summary>
    internal sealed record Due(ActionTimer Timer, int Position, int Attempt) : Local;
}
