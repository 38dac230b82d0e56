using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Talon.Actors.Pipeline.Audit;
using Talon.Actors.Pipeline.Intake;
using Talon.Cluster.Protocol;
using Talon.Rules.Outcomes;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>
/// One bucket of the hash space: accepts events, journals every fact about them, and owns one <see cref="EventActor"/> for each
/// that is unfinished. While a write is under way further facts gather and go out as one batch. A write that fails stops the
/// bucket before anybody acts on it; it is woken again and recovers.
/// </summary>
internal sealed class EventBucket : BucketJournal, IWithTimers
{
    private const int MaxEventFailures = 3;

    // A bucket that leaves must be gone before sharding stops it (9 s, buckets.handoff-timeout less 5 s), also when the journal has stopped answering.
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(8);

    private readonly PipelineContext _context;
    private readonly int _number;
    private readonly AcceptingEvents _accepting = new();
    private readonly UnfinishedEvents _events;
    private readonly EventActors _actors;
    private readonly HashSet<(long Event, int Position)> _ending = [];
    private readonly Dictionary<(long Event, int Position), int> _starting = [];
    private Leave _leave;

    public EventBucket(PipelineContext context, int number)
        : base(context, number)
    {
        _context = context;
        _number = number;
        _events = new UnfinishedEvents(context.Options);
        _actors = new EventActors(context, number);
    }

    // How far the bucket is on its way out: it starts nothing, it writes nothing, its children have gone.
    private enum Leave
    {
        No,
        Asked,
        Written,
        Alone,
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override bool IsLeaving => _leave != Leave.No;

    protected override int Unfinished => _events.Count;

    /// <summary>How to make a bucket.</summary>
    public static Props CreateProps(PipelineContext context, int number) => Props.Create(() => new EventBucket(context, number));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(CategoryStarted));
        _context.Status.JournalAsked(_number);
        base.PreStart();
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _context.Status.BucketStopped(_number, handedOver: _leave != Leave.No);
        base.PostStop();
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        Log.Error(e, "the actor of an event failed");
        return Directive.Stop;
    });

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: BucketSnapshot snapshot } offer:
                Restore(snapshot, offer.Metadata.SequenceNr);
                _events.Restore(snapshot);
                break;
            case IFact fact:
                Apply(LastSequenceNr, fact);
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
            case EventProtocol.Ingest ingest:
                Accept(ingest);
                break;
            case EventProtocol.ActionFinished finished:
                End(finished.Key, finished.Outcome, Sender);
                break;
            case EndAction end:
                End(end.Key, end.Outcome, ActorRefs.Nobody);
                break;
            case WriteFact write:
                Write(write.Fact, null);
                break;
            case EventActors.EventGone gone:
                EventActorGone(gone);
                break;
            case CategoryStarted started:
                _actors.Tell(started);
                break;
            case EventProtocol.Wake:
                Look();
                break;
            case EventProtocol.HandOff:
                _leave = _leave == Leave.No ? Leave.Asked : _leave;
                Timers.StartSingleTimer("stop", StopNow.Instance, LeavePatience);
                DeferAsync(message, _ => LetChildrenGo());
                break;
            case StopNow:
                Context.Stop(Self);
                break;
            default:
                base.OnCommand(message);
                break;
        }
    }

    private void Accept(EventProtocol.Ingest ingest)
    {
        long now = _context.Now;
        if (Memory.TryGetDelivery(ingest.DeliveryId, out long known))
        {
            Sender.Tell(known > 0 ? new EventProtocol.IngestReply.Accepted(known) : EventProtocol.IngestReply.Duplicate.Instance);
        }
        else if (_accepting.Join(ingest, Sender, _context.Options.DuplicateWindow > TimeSpan.Zero))
        {
            // The same delivery or the same event is being written: answered when that is committed.
        }
        else if (Memory.IsDuplicate(ingest.EventId, now))
        {
            AnswerDuplicate(ingest.DeliveryId, Sender, now);
        }
        else if (Refusal(ingest) is { } refused)
        {
            Sender.Tell(refused);
        }
        else
        {
            _events.Reserve(ingest.Event);
            _accepting.Begin(ingest, Sender);
            Journalled(new Facts.Accepted(ingest.DeliveryId, ingest.EventId, ingest.TraceId, ingest.Plan, ingest.Event, now), null);
        }
    }

    private EventProtocol.IngestReply.Refused? Refusal(EventProtocol.Ingest ingest)
    {
        if (_leave != Leave.No)
        {
            return new EventProtocol.IngestReply.Refused(RefusalCause.Draining, "this node is leaving");
        }

        return _events.Refusal(ingest.Event) is { } cause
            ? new EventProtocol.IngestReply.Refused(cause, $"too many events{RefusalCause.About(cause)} are unfinished")
            : null;
    }

    private void AnswerDuplicate(DeliveryId delivery, IActorRef asker, long now)
    {
        Memory.RememberDuplicate(delivery, now);
        asker.Tell(EventProtocol.IngestReply.Duplicate.Instance);
    }

    private void End(ActionKey key, ActionOutcome outcome, IActorRef asker)
    {
        // For the next owner of the bucket; told twice before the first was written; or of a run whose place another one is just taking,
        // which is known once that is committed. The keeper tells it again.
        if (_leave != Leave.No
            || _ending.Contains((key.Event, key.Position))
            || (_starting.TryGetValue((key.Event, key.Position), out int run) && run != key.Run))
        {
            return;
        }

        if (!_events.TryGet(key.Event, out var state) || !state.Expects(key.Position, key.Attempt, key.Run))
        {
            asker.Tell(new EventProtocol.OutcomeConfirmed(key));
            return;
        }

        _ending.Add((key.Event, key.Position));
        Write(OutcomeFact.Of(_context, key, state, outcome), () =>
        {
            _ending.Remove((key.Event, key.Position));
            asker.Tell(new EventProtocol.OutcomeConfirmed(key));
        });
    }

    // What is not written any more is dropped without a word: its EventActor is on its way out or learns from the next fact that it is late.
    private void Write(Facts.AboutEvent fact, Action? then)
    {
        if (_leave != Leave.No || !_events.TryGet(fact.Event, out var state))
        {
            return;
        }

        if (fact is not Facts.Started started)
        {
            Journalled(fact, then);
        }
        else if (!_ending.Contains((started.Event, started.Position)) && state.MayStart(started) && _starting.TryAdd((started.Event, started.Position), started.Run))
        {
            Journalled(fact, () => _starting.Remove((started.Event, started.Position)));
        }
    }

    protected override BucketSnapshot Snapshot() => Memory.ToSnapshot(_events.All);

    protected override void SnapshotTried()
    {
        if (_leave == Leave.Alone)
        {
            Context.Stop(Self);
        }
    }

    protected override void Apply(long sequence, IFact fact)
    {
        base.Apply(sequence, fact);
        if (fact is Facts.Accepted accepted)
        {
            Memory.RememberDelivery(accepted.DeliveryId, sequence, accepted.At);
            Memory.OpenWindow(accepted.EventId, accepted.At);
        }

        var state = _events.Apply(sequence, fact, IsRecovering);
        if (IsRecovering && state is not null && fact is Facts.AboutEvent about && _context.Untold.Take(_number, fact))
        {
            _context.Audit.Tell(state, about); // committed, but this process never got the answer of the journal
        }
    }

    protected override void Committed(long sequence, IFact fact)
    {
        if (fact is Facts.Accepted accepted)
        {
            // Before the answer: who has it may look at once whether anything is unfinished.
            _context.Status.ReportUnfinished(_number, _events.Count);
            var accepting = _accepting.End(accepted.DeliveryId, accepted.EventId);
            accepting.Asker.Tell(new EventProtocol.IngestReply.Accepted(sequence));
            foreach (var waiter in accepting.SameDelivery)
            {
                waiter.Tell(new EventProtocol.IngestReply.Accepted(sequence));
            }

            foreach (var (delivery, waiter) in accepting.SameEvent)
            {
                AnswerDuplicate(delivery, waiter, accepted.At);
            }

            if (_events.TryGet(sequence, out var fresh))
            {
                _context.Audit.Accepted(fresh);
                _actors.Employ(Context, fresh, recovered: false);
            }
        }
        else if (fact is Facts.AboutEvent about && _events.TryGet(about.Event, out var state))
        {
            Tell(state, about);
        }

        _context.Status.ReportUnfinished(_number, _events.Count);
    }

    private void Tell(EventState state, Facts.AboutEvent fact)
    {
        _context.Audit.Tell(state, fact);
        if (state.IsComplete)
        {
            _events.Complete(state);
            _actors.Dismiss(Context, state);
        }
        else
        {
            _actors.Tell(state, new StateChanged(state, fact));
        }
    }

    private void EventActorGone(EventActors.EventGone gone)
    {
        int failures = _actors.Gone(gone);
        if (_leave == Leave.Written && _actors.IsEmpty)
        {
            SaveSnapshotAndStop();
        }

        if (failures == 0 || _leave != Leave.No || !_events.TryGet(gone.Sequence, out var state))
        {
            return;
        }

        if (failures < MaxEventFailures)
        {
            _actors.Employ(Context, state, recovered: false);
            return;
        }

        var next = state.Accepted.Plan.Rules.Select(state.NextOf).First(action => action is not null)!;
        Write(
            new Facts.Finished(state.Sequence, next.Position, state.Actions[next.Position].Attempt, EventActor.ParkedOutcome($"its processing failed {failures} times"), _context.Now),
            null);
    }

    private void RecoveryDone()
    {
        _context.Status.JournalAnswered(_number, waiting: false);
        _context.Status.BucketRecovered(_number);
        _context.Untold.Clear(_number);
        _events.Recovered();
        _context.Status.ReportUnfinished(_number, _events.Count);
        foreach (var state in _events.All.OrderBy(e => e.Sequence))
        {
            _actors.Employ(Context, state, recovered: true);
        }
    }

    // Everything asked before is written: from here on the journal of this bucket belongs to its next owner.
    private void LetChildrenGo()
    {
        _leave = Leave.Written;
        if (_actors.IsEmpty)
        {
            SaveSnapshotAndStop();
        }
        else
        {
            _actors.LetGo();
        }
    }

    private void SaveSnapshotAndStop()
    {
        _leave = Leave.Alone;
        if (!SaveSnapshotIfNeeded())
        {
            Context.Stop(Self);
        }
    }

    private sealed record StopNow : Local
    {
        public static StopNow Instance { get; } = new();
    }
}
