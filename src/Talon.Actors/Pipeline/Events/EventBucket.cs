using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Talon.Cluster.Protocol;
using Talon.Rules.Outcomes;
using Talon.Rules.Plugins;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>
/// One bucket of the hash space: accepts events, journals every fact about them, and owns one <see cref="EventActor"/> for each
/// that is unfinished. While a write is under way further facts gather and go out as one batch. A write that fails stops the
/// bucket before anybody acts on it; it is woken again and recovers.
/// </summary>
internal sealed class EventBucket : UntypedPersistentActor, IWithTimers
{
    private const int FactsPerSnapshot = 1_000;
    private const int MaxEventFailures = 3;

    private readonly PipelineContext _context;
    private readonly int _number;
    private readonly BucketMemory _memory;
    private readonly AcceptingEvents _accepting = new();
    private readonly Dictionary<long, EventState> _events = [];
    private readonly Dictionary<long, IActorRef> _actors = [];
    private readonly Dictionary<long, int> _failures = [];
    private readonly HashSet<(long Event, int Position)> _ending = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _writing;
    private long _bytes;
    private long _factsSinceSnapshot;
    private long _newestSnapshot;
    private long _snapshotBefore;
    private bool _deleting;
    private bool _leaving;
    private bool _savingLastSnapshot;

    public EventBucket(PipelineContext context, int number)
    {
        _context = context;
        _number = number;
        _memory = new BucketMemory(context.Options.DuplicateWindow);
    }

    /// <inheritdoc/>
    public override string PersistenceId => $"bucket-{_number}";

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make a bucket.</summary>
    public static Props CreateProps(PipelineContext context, int number) => Props.Create(() => new EventBucket(context, number));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(CategoryStarted));
        _context.Status.JournalAsked(_number);
        base.PreStart();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _context.Status.ForgetUnfinished(_number);
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        _log.Error(e, "the actor of an event failed");
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: BucketSnapshot snapshot } offer:
                Restore(snapshot, offer.Metadata.SequenceNr);
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

    /// <inheritdoc/>
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
            case EventProtocol.Wake:
                break;
            case EventGone gone:
                EventActorGone(gone.Sequence, gone.Actor);
                break;
            case CategoryStarted started:
                foreach (var actor in _actors.Values)
                {
                    actor.Tell(started);
                }

                break;
            case SaveSnapshotSuccess saved:
                SnapshotSaved(saved.Metadata.SequenceNr);
                break;
            case SaveSnapshotFailure failed:
                _log.Warning("{0}: a snapshot could not be saved: {1}", PersistenceId, failed.Cause.Message);
                StopIfLeaving();
                break;
            case DeleteMessagesSuccess deleted:
                _memory.Deleted(deleted.ToSequenceNr);
                _deleting = false;
                DeleteOld();
                break;
            case DeleteMessagesFailure failed:
                _deleting = false;
                _log.Warning("{0}: old facts could not be deleted: {1}", PersistenceId, failed.Cause.Message);
                break;
            case DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                break;
            case EventProtocol.HandOff:
                _leaving = true;
                DeferAsync(message, _ => SaveSnapshotAndStop());
                break;
            case StopNow:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // Akka stops the actor now. Nobody acts on this fact: another incarnation may own the bucket, or the database is away.
        _context.Audit.Health(PersistenceId, $"a fact could not be journalled, the bucket stops and recovers: {cause.GetBaseException().Message}", null);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        throw new InvalidOperationException($"{PersistenceId}: the journal rejected a fact; the bucket restarts from what is committed", cause);
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _context.Audit.Health(PersistenceId, $"the bucket cannot be recovered: {reason.GetBaseException().Message}", null);
        base.OnRecoveryFailure(reason, message);
    }

    private void Accept(EventProtocol.Ingest ingest)
    {
        long now = _context.Now;
        if (_memory.TryGetDelivery(ingest.DeliveryId, out long known))
        {
            Sender.Tell(known > 0 ? new EventProtocol.IngestReply.Accepted(known) : EventProtocol.IngestReply.Duplicate.Instance);
        }
        else if (_accepting.Join(ingest, Sender, _context.Options.DuplicateWindow > TimeSpan.Zero))
        {
            // The same delivery or the same event is being written: answered when that is committed.
        }
        else if (_memory.IsDuplicate(ingest.EventId, now))
        {
            AnswerDuplicate(ingest.DeliveryId, Sender, now);
        }
        else if (Refusal(ingest) is { } refused)
        {
            Sender.Tell(refused);
        }
        else
        {
            _bytes += ingest.Event.Raw.Length;
            _accepting.Begin(ingest, Sender);
            Write(new Facts.Accepted(ingest.DeliveryId, ingest.EventId, ingest.TraceId, ingest.Plan, ingest.Event, now));
        }
    }

    private EventProtocol.IngestReply.Refused? Refusal(EventProtocol.Ingest ingest)
    {
        if (_leaving)
        {
            return new EventProtocol.IngestReply.Refused("draining", "this node is leaving");
        }

        var options = _context.Options;
        return _events.Count + _accepting.Count >= options.MaxUnfinishedEvents || _bytes + ingest.Event.Raw.Length > options.MaxUnfinishedBytes
            ? new EventProtocol.IngestReply.Refused("full", "too many events are unfinished")
            : null;
    }

    private void AnswerDuplicate(DeliveryId delivery, IActorRef asker, long now)
    {
        _memory.RememberDuplicate(delivery, now);
        asker.Tell(EventProtocol.IngestReply.Duplicate.Instance);
    }

    private void End(ActionKey key, ActionOutcome outcome, IActorRef asker)
    {
        if (_ending.Contains((key.Event, key.Position)))
        {
            return; // told twice before the first was written; the keeper asks again
        }

        if (!_events.TryGetValue(key.Event, out var state) || !state.Expects(key.Position, key.Attempt, key.Run))
        {
            asker.Tell(new EventProtocol.OutcomeConfirmed(key));
            return;
        }

        _ending.Add((key.Event, key.Position));
        Write(FactOf(key, state, outcome), () =>
        {
            _ending.Remove((key.Event, key.Position));
            asker.Tell(new EventProtocol.OutcomeConfirmed(key));
        });
    }

    private Facts.AboutEvent FactOf(ActionKey key, EventState state, ActionOutcome outcome)
    {
        long now = _context.Now;
        if (Descriptor(state, key.Position) is { } descriptor)
        {
            var (retryIn, final) = RetryPolicy.Decide(
                outcome, key.Attempt, state.Actions[key.Position], descriptor, _context.Options.RetryMaxAge, now, _context.Jitter());
            if (retryIn is { } delay && final is ActionOutcome.Failed failed)
            {
                return new Facts.RetryScheduled(
                    key.Event, key.Position, key.Attempt, failed.Kind, failed.Reason, (long)delay.TotalMilliseconds, now);
            }

            outcome = final;
        }

        return new Facts.Finished(key.Event, key.Position, key.Attempt, outcome, now);
    }

    private ActionnerDescriptor? Descriptor(EventState state, int position) =>
        _context.Actionners.TryGetValue(state.ActionAt(position).Actionner, out var actionner) ? actionner.Descriptor : null;

    private void Write(Facts.AboutEvent fact, Action? then)
    {
        if (_events.TryGetValue(fact.Event, out var state) && (fact is not Facts.Started started || MayStart(state, started)))
        {
            Journalled(fact, then);
        }
    }

    // Nothing is started while the bucket leaves, or when an outcome of the same action is being written.
    private bool MayStart(EventState state, Facts.Started started) =>
        !_leaving && !_ending.Contains((started.Event, started.Position)) && state.MayStart(started);

    private void Write(Facts.Accepted fact) => Journalled(fact, null);

    private void Journalled(IFact fact, Action? then)
    {
        _writing++;
        _context.Status.JournalAsked(_number);
        PersistAsync(fact, committed =>
        {
            _writing--;
            _context.Status.JournalAnswered(_number, _writing > 0);
            Apply(LastSequenceNr, committed);
            then?.Invoke();
            Committed(LastSequenceNr, committed);
            MaybeSnapshot();
        });
    }

    private void Apply(long sequence, IFact fact)
    {
        _memory.Written(sequence, fact.At);
        _factsSinceSnapshot++;
        switch (fact)
        {
            case Facts.Accepted accepted:
                _memory.RememberDelivery(accepted.DeliveryId, sequence, accepted.At);
                _memory.OpenWindow(accepted.EventId, accepted.At);
                _events[sequence] = EventState.From(sequence, accepted);
                break;
            case Facts.AboutEvent about when _events.TryGetValue(about.Event, out var state):
                state = state.Apply(about);
                _events[about.Event] = state;
                if (state.IsComplete && IsRecovering)
                {
                    _events.Remove(about.Event);
                }

                break;
            default:
                break;
        }
    }

    private void Committed(long sequence, IFact fact)
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

            _context.Audit.Accepted(_events[sequence]);
            Employ(_events[sequence], recovered: false);
        }
        else if (fact is Facts.AboutEvent about && _events.TryGetValue(about.Event, out var state))
        {
            Tell(state, about);
        }

        _context.Status.ReportUnfinished(_number, _events.Count);
    }

    private void Tell(EventState state, Facts.AboutEvent fact)
    {
        switch (fact)
        {
            case Facts.Started started:
                _context.Audit.Started(state, started);
                break;
            case Facts.Finished finished:
                _context.Audit.Finished(state, finished);
                break;
            case Facts.RetryScheduled retry:
                _context.Audit.Retried(state, retry);
                break;
            case Facts.Resumed resumed:
                _context.Audit.Resumed(state, resumed);
                break;
        }

        if (state.IsComplete)
        {
            _events.Remove(state.Sequence);
            _failures.Remove(state.Sequence);
            _bytes -= state.Accepted.Event.Raw.Length;
            if (_actors.Remove(state.Sequence, out var actor))
            {
                Context.Stop(actor);
            }
        }
        else if (_actors.TryGetValue(state.Sequence, out var actor))
        {
            actor.Tell(new StateChanged(state, fact));
        }
    }

    private void Employ(EventState state, bool recovered)
    {
        var actor = Context.ActorOf(
            EventActor.CreateProps(_context, _number, state, recovered), $"{state.Key}-{_failures.GetValueOrDefault(state.Sequence)}");
        _actors[state.Sequence] = actor;
        Context.WatchWith(actor, new EventGone(state.Sequence, actor));
    }

    private void EventActorGone(long sequence, IActorRef actor)
    {
        if (!_actors.TryGetValue(sequence, out var current) || !current.Equals(actor) || !_events.TryGetValue(sequence, out var state))
        {
            return;
        }

        _actors.Remove(sequence);
        int failures = _failures[sequence] = _failures.GetValueOrDefault(sequence) + 1;
        if (failures < MaxEventFailures)
        {
            Employ(state, recovered: false);
            return;
        }

        var next = state.Accepted.Plan.Rules.Select(state.NextOf).First(action => action is not null)!;
        Write(
            new Facts.Finished(sequence, next.Position, state.Actions[next.Position].Attempt, EventActor.ParkedOutcome($"its processing failed {failures} times"), _context.Now),
            null);
    }

    private void RecoveryDone()
    {
        _context.Status.JournalAnswered(_number, waiting: false);
        _context.Status.BucketRecovered(_number);
        _bytes = _events.Values.Sum(e => (long)e.Accepted.Event.Raw.Length);
        _context.Status.ReportUnfinished(_number, _events.Count);
        foreach (var state in _events.Values.OrderBy(e => e.Sequence))
        {
            Employ(state, recovered: true);
        }
    }

    private void Restore(BucketSnapshot snapshot, long sequence)
    {
        _memory.Restore(snapshot);
        _newestSnapshot = sequence;
        _factsSinceSnapshot = 0;
        foreach (var pending in snapshot.Unfinished)
        {
            var state = EventState.From(pending.Sequence, (Facts.Accepted)pending.Facts[0]);
            foreach (var fact in pending.Facts.Skip(1))
            {
                state = state.Apply((Facts.AboutEvent)fact);
            }

            _events[pending.Sequence] = state;
        }
    }

    private void MaybeSnapshot()
    {
        // A snapshot carries all remembered deliveries; with many of them it is made less often, so that its cost per fact stays small.
        if (_factsSinceSnapshot >= Math.Max(FactsPerSnapshot, _memory.Deliveries / 10))
        {
            _factsSinceSnapshot = 0;
            SaveSnapshot(_memory.ToSnapshot(_events.Values));
        }
    }

    private void SnapshotSaved(long sequence)
    {
        _snapshotBefore = _newestSnapshot;
        _newestSnapshot = sequence;
        DeleteOld();
        if (_snapshotBefore > 1)
        {
            DeleteSnapshots(new SnapshotSelectionCriteria(_snapshotBefore - 1));
        }

        StopIfLeaving();
    }

    // One chunk at a time, the next when it is gone: a long delete would hold up the writes of all buckets.
    private void DeleteOld()
    {
        var options = _context.Options;
        if (!_deleting
            && _memory.DeletableTo(_snapshotBefore, LastSequenceNr, _context.Now, options.AuditRetention, options.MaxFactsPerBucket) is { } last)
        {
            _deleting = true;
            DeleteMessages(last);
        }
    }

    private void SaveSnapshotAndStop()
    {
        _savingLastSnapshot = true;
        foreach (var actor in _actors.Values)
        {
            Context.Stop(actor);
        }

        _actors.Clear();
        if (_factsSinceSnapshot == 0)
        {
            Context.Stop(Self);
            return;
        }

        SaveSnapshot(_memory.ToSnapshot(_events.Values));
        Timers.StartSingleTimer("stop", StopNow.Instance, TimeSpan.FromSeconds(5));
    }

    private void StopIfLeaving()
    {
        if (_savingLastSnapshot)
        {
            Context.Stop(Self);
        }
    }

    private sealed record EventGone(long Sequence, IActorRef Actor) : Local;

    private sealed record StopNow : Local
    {
        public static StopNow Instance { get; } = new();
    }
}
