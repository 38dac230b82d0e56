using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Talon.Actors.Telemetry;
using Talon.Cluster.Protocol;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>
/// One bucket of the hash space: carries out what <see cref="BucketState"/> decides, journals every fact, and owns one
/// <see cref="EventActor"/> for each unfinished event. While a write is under way further facts gather and go out as one batch. A write
/// that fails stops the bucket before anybody acts on it; it is woken again and recovers.
/// </summary>
internal sealed class EventBucket(PipelineContext context, int number, BucketState bucket) : UntypedPersistentActor, IWithTimers
{
    private const int MaxEventFailures = 3;

    // A bucket that leaves must be gone before sharding stops it (9 s, buckets.handoff-timeout less 5 s), also when the journal has stopped answering.
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(8);

    private readonly BucketJournal _journal = new(context, number, bucket.Memory);
    private readonly EventActors _actors = new(context, number);

    public override string PersistenceId => _journal.Id;

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsLeaving => bucket.Phase is not BucketPhase.Serving;

    public static Props CreateProps(PipelineContext context, int number) =>
        ActorFactory<EventBucket>.CreateProps(() => new EventBucket(context, number, new BucketState(context)));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(CategoryStarted));
        _journal.Recovering();
        base.PreStart();
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        context.Status.BucketStopped(number, handedOver: IsLeaving);
        base.PostStop();
    }

    protected override SupervisorStrategy SupervisorStrategy() => EventActors.StopWhatFails(Log);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: BucketSnapshot snapshot } offer:
                bucket.Recover(snapshot);
                _journal.Recovered(offer.Metadata);
                break;
            case IFact fact:
                Recovered(fact);
                break;
            case RecoveryCompleted:
                RecoveryDone();
                break;
            default:
                throw new InvalidOperationException($"the journal of {PersistenceId} holds a {message.GetType().Name}, which is no fact");
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case EventProtocol.Ingest or EventProtocol.ActionFinished:
                CarryOut(message, Sender);
                break;
            case WriteFact or EndAction:
                CarryOut(message, ActorRefs.Nobody);
                break;
            case EventActors.EventGone gone:
                EventActorGone(gone);
                break;
            case CategoryStarted started:
                _actors.Tell(started);
                break;
            case EventProtocol.Wake when !IsLeaving && _journal.IsCheckDue:
                _journal.CheckAsync(Journal, LastSequenceNr).PipeTo(Self);
                break;
            case EventProtocol.Wake:
                break;
            case JournalCheck.Answer answer:
                StopIfOvertaken(answer);
                break;
            case EventProtocol.HandOff:
                bucket.Phase = IsLeaving ? bucket.Phase : new BucketPhase.FinishingWrites();
                Timers.StartSingleTimer("stop", new StopNow(), LeavePatience);
                DeferAsync(message, _ => DismissActors());
                break;
            case StopNow:
                Context.Stop(Self);
                break;
            default:
                Upkeep(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _journal.Failed(cause, sequenceNr); // Akka stops the actor now: nobody acts on this fact
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        throw new InvalidOperationException($"{PersistenceId}: the journal rejected a fact; the bucket restarts from what is committed", cause);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _journal.RecoveryFailed(reason);
        base.OnRecoveryFailure(reason, message);
    }

    private void CarryOut(object message, IActorRef asker)
    {
        if (bucket.Begin(bucket.Decide(message, context.Now), asker, context.Now) is { } fact)
        {
            _journal.Writing(fact);
            PersistAsync(fact, Committed);
        }
    }

    private void Committed(IFact fact)
    {
        _journal.Committed(fact);
        var (state, replies) = bucket.Committed(LastSequenceNr, fact);
        // Before the answers: who has one may look at once whether anything is unfinished.
        context.Status.ReportUnfinished(number, bucket.UnfinishedCount);
        foreach (var (asker, reply) in replies)
        {
            asker.Tell(reply);
        }

        if (state is not null)
        {
            context.TellSinks(state, fact);
            _actors.Changed(Context, state, fact);
        }

        if (_journal.BeginSnapshot(bucket.UnfinishedCount))
        {
            SaveSnapshot(bucket.ToSnapshot());
        }
    }

    private void EventActorGone(EventActors.EventGone gone)
    {
        int failures = _actors.Gone(gone);
        SaveSnapshotOnceAlone();
        if (failures >= MaxEventFailures)
        {
            CarryOut(new EventFailed(gone.Sequence, failures), ActorRefs.Nobody);
        }
        else if (failures > 0 && !IsLeaving && bucket.Find(gone.Sequence) is { } state)
        {
            _actors.Employ(Context, state, recovered: false);
        }
    }

    private void StopIfOvertaken(JournalCheck.Answer answer)
    {
        if (_journal.IsOvertaken(answer, LastSequenceNr) && !IsLeaving)
        {
            context.Log.Unhealthy(PersistenceId, $"fact {answer.Next} was written by another incarnation of the bucket; the bucket stops and recovers");
            Context.Stop(Self);
        }
    }

    private void RecoveryDone()
    {
        _journal.RecoveryDone();
        bucket.Recovered();
        context.Status.ReportUnfinished(number, bucket.UnfinishedCount);
        foreach (var state in bucket.Unfinished)
        {
            _actors.Employ(Context, state, recovered: true);
        }
    }

    private void Recovered(IFact fact)
    {
        bool isUntold = _journal.Recovered(fact);
        if (bucket.Recover(LastSequenceNr, fact) is { } state && isUntold)
        {
            context.TellSinks(state, fact);
        }
    }

    private void Upkeep(object message)
    {
        if (_journal.Heard(message, LastSequenceNr) is not { } upkeep)
        {
            Unhandled(message);
            return;
        }

        upkeep.CarryOut(this, Log);
        if (bucket.Phase is BucketPhase.SavingSnapshot && message is SaveSnapshotSuccess or SaveSnapshotFailure)
        {
            Context.Stop(Self);
        }
    }

    // Everything asked before is written: from here on the journal of this bucket belongs to its next owner.
    private void DismissActors()
    {
        bucket.Phase = new BucketPhase.DismissingActors();
        _actors.LetGo();
        SaveSnapshotOnceAlone();
    }

    private void SaveSnapshotOnceAlone()
    {
        if (bucket.Phase is not BucketPhase.DismissingActors || !_actors.IsEmpty)
        {
            return;
        }

        bucket.Phase = new BucketPhase.SavingSnapshot();
        if (_journal.IsInSnapshot)
        {
            Context.Stop(Self);
        }
        else
        {
            SaveSnapshot(bucket.ToSnapshot());
        }
    }

    private sealed record StopNow : Local;
}
