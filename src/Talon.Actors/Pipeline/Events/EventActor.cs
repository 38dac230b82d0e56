using System.Security.Cryptography;
using Akka.Actor;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Actors;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>
/// Drives one accepted event, the only one in the cluster to do so: carries out what <see cref="NextStep"/> decides, and has <c>Started</c>
/// journalled before each write. Its bucket makes a new one after a failure.
/// </summary>
internal sealed class EventActor(PipelineContext context, int bucket, EventState accepted, bool recovered) : UntypedActor, IWithTimers
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    private readonly EventProgress _progress = new() { MustResume = recovered };
    private EventState _state = accepted;

    public ITimerScheduler Timers { get; set; } = null!;

    private ActionTimers Clocks => new(Timers);

    public static Props CreateProps(PipelineContext context, int bucket, EventState state, bool recovered) =>
        ActorFactory.CreateProps(() => new EventActor(context, bucket, state, recovered));

    protected override void PreStart() => Drive();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StateChanged changed:
                _state = changed.State;
                Changed(changed.Fact);
                break;
            case SlotGranted granted:
                Granted(granted.Key);
                break;
            case SlotHeld held when _progress.Find(held.Key) is { Stage: AttemptStage.Requested } attempt:
                attempt.Hold();
                break;
            case Postponed postponed when _progress.Find(postponed.Key) is { Stage: AttemptStage.Preparing } attempt:
                // Not an attempt: nothing was journalled of it, and its slot is free again.
                Clocks.Start(ActionTimer.Pause, attempt.Key.Position, _progress.Postpone(attempt, context.Jitter()));
                break;
            case SlotHeld or Postponed:
                return;
            case Prepared prepared when _progress.Find(prepared.Key) is { Stage: AttemptStage.Preparing } attempt:
                Context.Parent.Tell(new WriteFact(attempt.Start(Sender, context, prepared.Target)));
                return;
            case Prepared:
                Sender.Tell(new RequesterGone()); // nobody waits for it any more
                return;
            case CategoryStarted started:
                _progress.CategoryRestarted(started.Category);
                break;
            case AttemptUnknown unknown:
                HaveUnknown(unknown);
                break;
            case ActionTimers.Due due:
                _progress.Due(due, _state, context.Now, context.Incarnation);
                break;
            default:
                Unhandled(message);
                return;
        }

        Drive();
    }

    private void Drive()
    {
        foreach (var step in NextStep.Of(_state, context.Now, _progress, context))
        {
            Take(step, step.Action.Position);
        }

        foreach (var attempt in _progress.Waiting)
        {
            Clocks.Await(ActionTimer.Expiry, attempt.Key.Position, attempt.Expiry, context.Now);
        }
    }

    private void Take(NextStep step, int position)
    {
        switch (step)
        {
            case NextStep.RequestSlot request:
                var attempt = new Attempt(
                    new ActionKey(bucket, _state.Sequence, position, step.Attempt, RandomNumberGenerator.GetInt32(int.MaxValue)),
                    request,
                    context.Actionners[step.Action.Actionner],
                    CategoryOf(step));
                _progress.Begin(attempt);
                attempt.RequestSlot(_state.Accepted.Event);
                break;
            case NextStep.WaitUntil wait:
                Clocks.StartAt(ActionTimer.Retry, position, wait.At - context.Now);
                break;
            case NextStep.AskOwnProcess:
                CategoryOf(step).Tell(new AskAttempt(_state.OpenKey(bucket, position)!.Value));
                Clocks.Start(ActionTimer.Ask, position, AskInterval);
                break;
            case NextStep.AwaitOutcome wait:
                Clocks.StartOnce(ActionTimer.Lost, position, wait.Patience, wait.Attempt);
                Clocks.Start(ActionTimer.Ask, position, AskInterval);
                break;
            case NextStep.End end:
                End(new ActionKey(bucket, _state.Sequence, position, end.Attempt, end.Run), end.Outcome);
                break;
        }
    }

    private void Granted(ActionKey slot)
    {
        switch (_progress.UseOf(slot, context.Now))
        {
            case SlotUse.Begin:
                Begin(_progress.Find(slot)!);
                break;
            case SlotUse.Resume:
                // Journalled when work really begins: an event that only waits in the queue must not be set aside for it.
                if (_progress.At(AttemptStage.Resuming).Count == 0)
                {
                    Context.Parent.Tell(new WriteFact(new Facts.Resumed(_state.Sequence, context.Incarnation, context.Now)));
                }

                _progress.Find(slot)!.Resume();
                break;
            case SlotUse.TooOld:
                _progress.Forget(slot.Position);
                break;
            case SlotUse.None:
                Sender.Tell(new Decline(slot));
                break;
        }
    }

    private void Begin(Attempt attempt)
    {
        if (attempt.Key.Attempt == 1 && !_progress.Postponed.Has(attempt.Key.Position))
        {
            context.Meters.EventToAction(TimeSpan.FromMilliseconds(context.Now - _state.Accepted.At));
        }

        attempt.Begin(_state, context.Options.DryRun);
    }

    private void Changed(IFact fact)
    {
        switch (fact)
        {
            case Facts.Started started when _progress.FindStarting(started) is { } attempt:
                attempt.Go();
                Clocks.Start(ActionTimer.Lost, started.Position, NextStep.PatienceWith(started), started.Attempt);
                break;
            case Facts.Resumed:
                _progress.MustResume = false;
                foreach (var attempt in _progress.At(AttemptStage.Resuming))
                {
                    Begin(attempt);
                }

                break;
            case Facts.Started { Position: var position }:
                Forget(position); // of the actor before this one, and committed only now: what this one has begun comes too late
                break;
            case Facts.Finished { Position: var position }:
                Forget(position);
                break;
            case Facts.RetryScheduled { Position: var position }:
                Forget(position);
                break;
        }
    }

    private void Forget(int position)
    {
        _progress.Forget(position);
        Clocks.Stop(position);
    }

    private void HaveUnknown(AttemptUnknown unknown)
    {
        int position = unknown.Key.Position;
        if (unknown.Key != _state.OpenKey(bucket, position) || _progress.Of(position) != ActionProgress.None)
        {
            return;
        }

        if (unknown.MayHaveRun)
        {
            _progress.GiveUp(position, unknown.Key.Attempt);
        }
        else
        {
            // The journal's answer was lost on its way, and the bucket began anew.
            End(unknown.Key, new ActionOutcome.Failed(FailureKind.NotSent, "the journal's answer to its start was lost; nothing was sent", Objects.None));
        }
    }

    private void End(ActionKey key, ActionOutcome.Failed outcome)
    {
        _progress.End(key.Position);
        Context.Parent.Tell(new EndAction(key, outcome));
    }

    private IActorRef CategoryOf(NextStep step) => context.Categories[step.Action.Actionner.Category];
}
