using Akka.Actor;
using Akka.Persistence;
using Talon.Actors.Pipeline.Events;
using Talon.Cluster.Actors;
using Talon.Cluster.Wire;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>
/// One bucket of the hash space: carries out what <see cref="BucketState"/> decides, journals every fact, and owns one
/// <see cref="EventActor"/> for each unfinished event. While a write is under way further facts gather and go out as one batch. A write
/// that fails stops the bucket before anybody acts on it; it is woken again and recovers.
/// </summary>
internal sealed class EventBucket(PipelineContext context, int number, BucketState bucket) : UntypedPersistentActor, IWithTimers
{
    // A bucket that leaves must be gone before sharding stops it (9 s, buckets.handoff-timeout less 5 s), also when the journal has stopped answering.
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(8);

    private readonly BucketJournal _journal = new(context, number, bucket.Memory);
    private readonly EventActorTable _actors = new(context, number);

    public override string PersistenceId => _journal.Id;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props CreateProps(PipelineContext context, int number) =>
        ActorFactory.CreateProps(() => new EventBucket(context, number, new BucketState(context)));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(CategoryStarted));
        _journal.Recovering();
        base.PreStart();
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        context.Status.BucketStopped(number, handedOver: !bucket.IsServing);
        base.PostStop();
    }

    protected override SupervisorStrategy SupervisorStrategy() => EventActorTable.StopWhatFails(Log);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: BucketSnapshot snapshot } offer:
                bucket.Recover(snapshot);
                _journal.Recovered(offer.Metadata);
                break;
            case IFact fact:
                bool isUntold = _journal.Recovered(fact);
                if (bucket.Recover(LastSequenceNr, fact) is { } state && isUntold)
                {
                    context.TellSinks(state, fact);
                }

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
            case EventActorTable.EventGone gone:
                EventActorGone(gone);
                break;
            case CategoryStarted started:
                _actors.Tell(started);
                break;
            case EventProtocol.Wake:
                _journal.CheckIfDue(Journal, LastSequenceNr, Self, isLeaving: !bucket.IsServing);
                break;
            case StopNow:
            case JournalCheck.Answer answer when _journal.IsOvertaken(answer, LastSequenceNr, !bucket.IsServing):
                Context.Stop(Self);
                break;
            case JournalCheck.Answer:
                break;
            case EventProtocol.HandOff:
                bucket.Leave();
                Timers.StartSingleTimer("stop", new StopNow(), LeavePatience);
                DeferAsync(message, _ => DismissActors());
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
        // Before the answers: a sender that has one may ask at once whether anything is unfinished.
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

    private void EventActorGone(EventActorTable.EventGone gone)
    {
        int failures = _actors.Gone(gone);
        SaveSnapshotOnceAlone();
        if (failures >= EventActorTable.MaxFailures)
        {
            CarryOut(new EventFailed(gone.Sequence, failures), ActorRefs.Nobody);
        }
        else if (failures > 0 && bucket.IsServing && bucket.Find(gone.Sequence) is { } state)
        {
            _actors.Employ(Context, state, recovered: false);
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

    private void Upkeep(object message)
    {
        var upkeep = _journal.Heard(message, LastSequenceNr);
        upkeep?.CarryOut(this, Log);
        if (upkeep is null)
        {
            Unhandled(message);
        }

        if (bucket.Phase is BucketPhase.SavingSnapshot && message is SaveSnapshotSuccess or SaveSnapshotFailure)
        {
            Context.Stop(Self);
        }
    }

    // Everything asked before is written: from here on the journal of this bucket belongs to its next owner.
    private void DismissActors()
    {
        bucket.WritesFinished();
        _actors.LetGo();
        SaveSnapshotOnceAlone();
    }

    private void SaveSnapshotOnceAlone()
    {
        bool isAlone = bucket.ActorsGone(_actors.IsEmpty);
        if (isAlone && _journal.IsInSnapshot)
        {
            Context.Stop(Self);
        }
        else if (isAlone)
        {
            SaveSnapshot(bucket.ToSnapshot());
        }
    }

    private sealed record StopNow : Local;
}
