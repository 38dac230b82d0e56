using System.Security.Cryptography;
using Akka.Actor;
using Talon.Actors.Plugins;
using Talon.Cluster.Protocol;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>
/// Drives one accepted event, the only one in the cluster to do so: walks the plan, asks for slots, has <c>Started</c> journalled
/// before each write, waits out backoffs and deadlines. It keeps nothing that the journal does not know; its bucket makes a new
/// one after a failure.
/// </summary>
internal sealed class EventActor : UntypedActor, IWithTimers
{
    // Longer than the split-brain resolver needs to remove a lost node (7 s + 1 s), so that two nodes never run one attempt each.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly PipelineContext _context;
    private readonly int _bucket;
    private readonly Dictionary<int, Attempt> _attempts = [];
    private readonly HashSet<(int Position, int Attempt)> _givenUp = [];
    private readonly Postponements _postponed = new();
    private EventState _state;
    private bool _mustResume;

    public EventActor(PipelineContext context, int bucket, EventState state, bool recovered)
    {
        _context = context;
        _bucket = bucket;
        _state = state;
        _mustResume = recovered;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private ActionTimers Clocks => new(Timers);

    public static Props CreateProps(PipelineContext context, int bucket, EventState state, bool recovered) =>
        ActorFactory<EventActor>.CreateProps(() => new EventActor(context, bucket, state, recovered));

    public static ActionOutcome.Failed ParkedOutcome(string why) => new(FailureKind.Parked, $"the event was set aside: {why}", Objects.None);

    protected override void PreStart() => Drive();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StateChanged changed:
                _state = changed.State;
                Changed(changed.Fact);
                Drive();
                break;
            case SlotGranted granted:
                Granted(granted.Key);
                break;
            case SlotHeld held when Find(held.Key) is { Stage: AttemptStage.Requested } attempt:
                attempt.Stage = AttemptStage.Held;
                Drive();
                break;
            case Postponed postponed when Find(postponed.Key) is { Stage: AttemptStage.Preparing } attempt:
                Postpone(attempt);
                break;
            case SlotHeld or Postponed:
                break;
            case Prepared prepared:
                HavePrepared(prepared);
                break;
            case CategoryStarted started:
                CategoryRestarted(started.Category);
                Drive();
                break;
            case AttemptUnknown unknown:
                HaveUnknown(unknown);
                break;
            case ActionTimers.Due due:
                HaveDue(due);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Drive()
    {
        foreach (var rule in _state.Accepted.Plan.Rules)
        {
            if (_state.NextOf(rule) is not { } action || Clocks.Rests(action.Position))
            {
                continue;
            }

            if (!_attempts.TryGetValue(action.Position, out var attempt))
            {
                attempt = Advance(rule, action);
            }

            // Rules go in file order; one that waits for the outside (a backoff, a late pod, a crowded category, a lost attempt, an open circuit) lets the next ones by.
            if (attempt is { Stage: not AttemptStage.Held })
            {
                return;
            }
        }
    }

    private Attempt? Advance(PlannedRule rule, PlannedAction action)
    {
        var state = _state.Actions[action.Position];
        if (!_context.Actionners.TryGetValue(action.Actionner, out var actionner)
            || !_context.Categories.TryGetValue(action.Actionner.Category, out var category))
        {
            return EndWith(action, state, new ActionOutcome.Failed(
                FailureKind.UnknownActionner, $"this node has no actionner {action.Actionner}", Objects.None));
        }

        if (state.Phase == ActionPhase.Open && !_givenUp.Contains((action.Position, state.Attempt)))
        {
            return WaitForLostAttempt(action, state, actionner, category);
        }

        if (_mustResume && _state.IsResumedTooOften)
        {
            return EndWith(action, state, ParkedOutcome($"it was resumed {Math.Max(_state.Resumes, _state.ResumesByLast)} times without progress"));
        }

        if (state.Phase == ActionPhase.Open && !actionner.Descriptor.RepeatSafe && !action.RetryInterrupted)
        {
            return EndWith(action, state, new ActionOutcome.Failed(
                FailureKind.Interrupted, "the node that ran it is gone; whether it was carried out is not known", Objects.None), sameAttempt: true);
        }

        long now = _context.Now;
        if (Expiry(action) is { } expiry)
        {
            if (now >= expiry)
            {
                return EndWith(action, state, Expired(action));
            }

            Clocks.Start(ActionTimers.Expiry, action.Position, expiry - now);
        }

        if (state.NotBefore is { } notBefore && notBefore > now)
        {
            Clocks.Start(ActionTimers.Retry, action.Position, notBefore - now);
            return null;
        }

        var attempt = new Attempt(new ActionKey(_bucket, _state.Sequence, action.Position, state.Attempt + 1, NewRun()), rule, action, actionner, category);
        _attempts[action.Position] = attempt;
        category.Tell(new RequestSlot(
            attempt.Key, action.Actionner, actionner.Descriptor.LongRunning, actionner.ExclusionKey(_state.Accepted.Event, action), EventTarget.Of(_state.Accepted.Event)));
        return attempt;
    }

    private Attempt? WaitForLostAttempt(PlannedAction action, ActionState state, IActionner actionner, IActorRef category)
    {
        var open = state.Open!;
        bool gone = open.Incarnation != _context.Incarnation && _context.IsGone(open.Node, open.Incarnation);
        bool harmless = actionner.Descriptor is { RepeatSafe: true, UidPrecondition: true } && open.Incarnation != _context.Incarnation;
        if (gone || harmless)
        {
            _givenUp.Add((action.Position, state.Attempt));
            Self.Tell(new ActionTimers.Due(action.Position, 0));
            return null;
        }

        if (open.Incarnation == _context.Incarnation)
        {
            // Of this very process, which can tell: a runner that writes always reports, and who was never told to write has not.
            category.Tell(new AskAttempt(OpenKey(action.Position, state)));
        }
        else if (!Clocks.Runs(ActionTimers.Lost, action.Position))
        {
            Clocks.Start(ActionTimers.Lost, action.Position, TimeSpan.FromMilliseconds(open.TimeoutMs) + Margin, state.Attempt);
        }

        Clocks.Start(ActionTimers.Look, action.Position, LookInterval);
        return null;
    }

    private void HaveUnknown(AttemptUnknown unknown)
    {
        int position = unknown.Key.Position;
        var state = _state.Actions[position];
        if (state.Phase != ActionPhase.Open || unknown.Key != OpenKey(position, state) || _attempts.ContainsKey(position))
        {
            return;
        }

        if (unknown.MayHaveRun)
        {
            _givenUp.Add((position, state.Attempt));
            Drive();
        }
        else
        {
            // The journal's answer was lost on its way, and the bucket began anew.
            EndWith(_state.ActionAt(position), state, new ActionOutcome.Failed(
                FailureKind.NotSent, "the journal's answer to its start was lost; nothing was sent", Objects.None), sameAttempt: true);
        }
    }

    private ActionKey OpenKey(int position, ActionState state) => new(_bucket, _state.Sequence, position, state.Attempt, state.Open!.Run);

    private void HaveDue(ActionTimers.Due due)
    {
        if (due.GiveUp > 0 && (uint)due.Position < (uint)_state.Actions.Length && _state.Actions[due.Position] is { Open: { } open } state && state.Attempt == due.GiveUp)
        {
            // One of this process is asked about instead: after a freeze its outcome may be just behind this word.
            if (open.Incarnation != _context.Incarnation)
            {
                _givenUp.Add((due.Position, due.GiveUp));
            }

            _attempts.Remove(due.Position);
        }
        else if (_attempts.TryGetValue(due.Position, out var attempt) && attempt.Stage <= AttemptStage.Held && Expiry(attempt.Action) is { } expiry)
        {
            if (_context.Now >= expiry)
            {
                attempt.Category.Tell(new Decline(attempt.Key));
                _attempts.Remove(due.Position);
            }
            else
            {
                Clocks.Start(ActionTimers.Expiry, due.Position, expiry - _context.Now);
            }
        }

        Drive();
    }

    private void Changed(IFact fact)
    {
        switch (fact)
        {
            case Facts.Started started when Find(KeyOf(started)) is { Stage: AttemptStage.Starting } attempt:
                attempt.Stage = AttemptStage.Running;
                attempt.Runner!.Tell(new Go(attempt.Key));
                Clocks.Start(ActionTimers.Lost, started.Position, TimeSpan.FromMilliseconds(started.TimeoutMs) + Margin, started.Attempt);
                break;
            case Facts.Started started:
                Forget(started.Position); // of the actor before this one, and committed only now: what this one has begun comes too late
                break;
            case Facts.Resumed:
                _mustResume = false;
                foreach (var attempt in _attempts.Values.Where(a => a.Stage == AttemptStage.Resuming))
                {
                    Begin(attempt);
                }

                break;
            case Facts.Finished finished:
                Forget(finished.Position);
                break;
            case Facts.RetryScheduled retry:
                Forget(retry.Position);
                break;
        }
    }

    private void Granted(ActionKey key)
    {
        if (Find(key) is { Stage: AttemptStage.Resuming or AttemptStage.Preparing })
        {
            return; // asked for again when the category said that it had started; the first grant is in use
        }

        if (Find(key) is not { Stage: AttemptStage.Requested or AttemptStage.Held } attempt)
        {
            Sender.Tell(new Decline(key));
            return;
        }

        var state = _state.Actions[key.Position];
        if (Expiry(attempt.Action) is { } expiry && _context.Now >= expiry)
        {
            attempt.Category.Tell(new Decline(key));
            _attempts.Remove(key.Position);
            EndWith(attempt.Action, state, Expired(attempt.Action));
        }
        else if (_mustResume)
        {
            // Journalled when work really begins: an event that only waits in the queue must not be set aside for it.
            attempt.Stage = AttemptStage.Resuming;
            if (_attempts.Values.Count(a => a.Stage == AttemptStage.Resuming) == 1)
            {
                Context.Parent.Tell(new WriteFact(new Facts.Resumed(_state.Sequence, _context.Incarnation, _context.Now)));
            }
        }
        else
        {
            Begin(attempt);
        }
    }

    private void Begin(Attempt attempt)
    {
        attempt.Stage = AttemptStage.Preparing;
        attempt.Timeout = attempt.Action.Timeout ?? attempt.Actionner.DefaultTimeout(attempt.Action);
        if (attempt.Key.Attempt == 1 && !_postponed.Has(attempt.Key.Position))
        {
            _context.Audit.Beginning(_state, attempt.Action);
        }

        attempt.Category.Tell(new Begin(attempt.Key, attempt.ToRequest(_state), attempt.Rule.DryRun || _context.Options.DryRun, attempt.Timeout));
    }

    // Not an attempt: nothing was journalled of it, and its slot is free again.
    private void Postpone(Attempt attempt)
    {
        int position = attempt.Key.Position;
        _attempts.Remove(position);
        Clocks.Start(ActionTimers.Later, position, _postponed.Next(position, _context.Jitter()));
        Drive();
    }

    private void HavePrepared(Prepared prepared)
    {
        if (Find(prepared.Key) is not { Stage: AttemptStage.Preparing } attempt)
        {
            Sender.Tell(new RequesterGone()); // nobody waits for it any more
            return;
        }

        attempt.Stage = AttemptStage.Starting;
        attempt.Runner = Sender;
        Context.Parent.Tell(new WriteFact(attempt.ToStarted(_context, prepared.Target)));
    }

    private void CategoryRestarted(string category)
    {
        // Those further on have told their runner or been told by it; it has reported how it was stopped.
        foreach (var position in _attempts
            .Where(a => a.Value.Action.Actionner.Category == category && a.Value.Stage <= AttemptStage.Preparing)
            .Select(a => a.Key)
            .ToList())
        {
            _attempts.Remove(position);
        }
    }

    private Attempt? EndWith(PlannedAction action, ActionState state, ActionOutcome.Failed outcome, bool sameAttempt = false)
    {
        int attempt = sameAttempt || state.Phase == ActionPhase.Open ? state.Attempt : state.Attempt + 1;
        var marker = new Attempt(new ActionKey(_bucket, _state.Sequence, action.Position, attempt, state.Open?.Run ?? 0), null!, action, null!, ActorRefs.Nobody)
        {
            Stage = AttemptStage.Running,
        };
        _attempts[action.Position] = marker;
        Context.Parent.Tell(new EndAction(marker.Key, outcome));
        return marker;
    }

    private long? Expiry(PlannedAction action) => ActionExpiry.Of(_context.Options, _state, action);

    private ActionOutcome.Failed Expired(PlannedAction action) => ActionExpiry.Outcome(_context.Options, _state, action, _context.Now);

    private ActionKey KeyOf(Facts.Started started) => new(_bucket, _state.Sequence, started.Position, started.Attempt, started.Run);

    private static int NewRun() => RandomNumberGenerator.GetInt32(int.MaxValue);

    private Attempt? Find(ActionKey key) =>
        _attempts.TryGetValue(key.Position, out var attempt) && attempt.Key == key ? attempt : null;

    private void Forget(int position)
    {
        if (_attempts.Remove(position, out var attempt))
        {
            switch (attempt)
            {
                case { Stage: <= AttemptStage.Resuming }:
                    // The outcome of an earlier attempt came home meanwhile. A slot that is kept would shut out the next write to the same object.
                    attempt.Category.Tell(new Decline(attempt.Key));
                    break;
                case { Stage: AttemptStage.Starting, Runner: { } runner }:
                    runner.Tell(new RequesterGone()); // its Started was not written and never will be
                    break;
            }
        }

        _postponed.Forget(position);
        Clocks.Stop(position);
    }
}
