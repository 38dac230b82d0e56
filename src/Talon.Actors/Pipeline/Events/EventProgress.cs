using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;

namespace Talon.Actors.Pipeline.Events;

/// <summary>How far this process is with an action.</summary>
internal enum ActionProgress
{
    /// <summary>Nothing is under way.</summary>
    None,

    /// <summary>It waits for the outside: for its slot, or for a pause to end.</summary>
    Waits,

    /// <summary>It is under way.</summary>
    UnderWay,
}

/// <summary>What becomes of a slot that the category grants.</summary>
internal enum SlotUse
{
    /// <summary>Its attempt begins.</summary>
    Begin,

    /// <summary>Its attempt begins once it is journalled that the event is resumed.</summary>
    Resume,

    /// <summary>Its attempt is too old to begin.</summary>
    TooOld,

    /// <summary>It is in use already: it was asked for again when the category said that it had started.</summary>
    InUse,

    /// <summary>Nobody wants it.</summary>
    None,
}

/// <summary>
/// What a process remembers about an event beyond its journal: attempts under way, pauses, attempts that are given up. When it is lost,
/// nothing is done twice and nothing is forgotten.
/// </summary>
internal sealed class EventProgress
{
    private readonly Dictionary<int, Attempt> _attempts = [];
    private readonly HashSet<int> _pausing = [];
    private readonly HashSet<int> _ending = [];
    private readonly HashSet<(int Position, int Attempt)> _givenUp = [];

    /// <summary>Whether the event was recovered from the journal and nothing has been begun since.</summary>
    public bool MustResume { get; set; }

    public Postponements Postponed { get; } = new();

    public ActionProgress Of(int position)
    {
        if (_ending.Contains(position))
        {
            return ActionProgress.UnderWay;
        }

        if (_pausing.Contains(position))
        {
            return ActionProgress.Waits;
        }

        return _attempts.TryGetValue(position, out var attempt)
            ? attempt.Stage == AttemptStage.Held ? ActionProgress.Waits : ActionProgress.UnderWay
            : ActionProgress.None;
    }

    /// <summary>The attempt under way with that key; null when there is none.</summary>
    public Attempt? Find(ActionKey key) => _attempts.TryGetValue(key.Position, out var attempt) && attempt.Key == key ? attempt : null;

    /// <summary>The attempt whose start that is; null when it is of another actor, process or run.</summary>
    public Attempt? FindStarting(Facts.Started started) =>
        _attempts.TryGetValue(started.Position, out var attempt)
        && attempt is { Stage: AttemptStage.Starting, Key: var key } && (key.Attempt, key.Run) == (started.Attempt, started.Run)
            ? attempt
            : null;

    /// <summary>The attempts at a stage, as it is now.</summary>
    public IReadOnlyList<Attempt> At(AttemptStage stage) => [.. _attempts.Values.Where(attempt => attempt.Stage == stage)];

    /// <summary>The attempts that wait for their slot.</summary>
    public IEnumerable<Attempt> Waiting => _attempts.Values.Where(attempt => attempt.Waits);

    public void Begin(Attempt attempt) => _attempts[attempt.Key.Position] = attempt;

    /// <summary>What to do with a slot.</summary>
    public SlotUse UseOf(ActionKey slot, long now) => Find(slot) switch
    {
        { Stage: AttemptStage.Resuming or AttemptStage.Preparing } => SlotUse.InUse,
        { Waits: true } attempt when now >= attempt.Expiry => SlotUse.TooOld,
        { Waits: true } => MustResume ? SlotUse.Resume : SlotUse.Begin,
        _ => SlotUse.None,
    };

    /// <summary>A timer of an action is over.</summary>
    public void Due(ActionTimers.Due due, EventState state, long now, string incarnation)
    {
        var attempt = _attempts.GetValueOrDefault(due.Position);
        switch (due.Timer)
        {
            case ActionTimer.Pause:
                _pausing.Remove(due.Position);
                break;
            case ActionTimer.Expiry when attempt is { Waits: true } && now >= attempt.Expiry:
                attempt.Abandon();
                _attempts.Remove(due.Position);
                break;
            case ActionTimer.Lost when state.Actions[due.Position] is { Open: { } open } journalled && journalled.Attempt == due.Attempt:
                // One of this process is asked about instead: after a freeze its outcome may be just behind this word.
                if (open.Incarnation != incarnation)
                {
                    GiveUp(due.Position, due.Attempt);
                }

                _attempts.Remove(due.Position);
                break;
        }
    }

    /// <summary>Something was journalled about the action that ends what was begun about it.</summary>
    public void Forget(int position)
    {
        _ending.Remove(position);
        _pausing.Remove(position);
        Postponed.Forget(position);
        if (_attempts.Remove(position, out var attempt))
        {
            attempt.Abandon();
        }
    }

    /// <summary>A category knows of no request and no runner any more. Attempts further on have told their runner or been told by it.</summary>
    public void CategoryRestarted(string category)
    {
        foreach (var attempt in _attempts.Values.Where(attempt => attempt.IsOf(category) && attempt.Stage <= AttemptStage.Preparing).ToList())
        {
            _attempts.Remove(attempt.Key.Position);
        }
    }

    /// <summary>The attempt could not be prepared yet. It is begun anew after a pause.</summary>
    /// <param name="jitter">A random number in [0, 1).</param>
    /// <returns>How long the pause is.</returns>
    public TimeSpan Postpone(Attempt attempt, double jitter)
    {
        int position = attempt.Key.Position;
        _attempts.Remove(position);
        _pausing.Add(position);
        return Postponed.Next(position, jitter);
    }

    /// <summary>That the action ends is being journalled.</summary>
    public void End(int position) => _ending.Add(position);

    public bool IsGivenUp(int position, int attempt) => _givenUp.Contains((position, attempt));

    /// <summary>The outcome of an open attempt is no longer waited for.</summary>
    public void GiveUp(int position, int attempt) => _givenUp.Add((position, attempt));
}
