using Akka.Actor;
using Talon.Actors.Pipeline.Events;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>
/// All that a bucket knows: its unfinished events, what it remembers of earlier ones, and what is being written. <see cref="Decide"/> changes
/// nothing; <see cref="Begin"/> notes what is under way; only a committed or recovered fact changes events and memory. Not thread-safe.
/// </summary>
internal sealed class BucketState(PipelineContext context)
{
    private readonly DeliveryHistory _memory = new(context.Options.DuplicateWindow);
    private readonly UnfinishedEvents _events = new(context.Options);
    private readonly PendingAccepts _accepting = new();
    private readonly Dictionary<(long Event, int Position), ActionWrite> _writes = [];

    public BucketPhase Phase { get; private set; } = new BucketPhase.Serving();

    /// <summary>What is remembered of events, for those who clean the journal.</summary>
    public DeliveryHistory Memory => _memory;

    /// <summary>The unfinished events, oldest first.</summary>
    public IEnumerable<EventState> Unfinished => _events.All.OrderBy(state => state.Sequence);

    public int UnfinishedCount => _events.Count;

    public bool IsServing => Phase is BucketPhase.Serving;

    private bool JoinsByEvent => context.Options.DuplicateWindow > TimeSpan.Zero;

    /// <summary>The state of an unfinished event; null when it is over.</summary>
    public EventState? Find(long sequence) => _events.TryGet(sequence, out var state) ? state : null;

    /// <summary>What to do with a message of the ingress, of whoever ran an action, or of an event's own actor.</summary>
    /// <param name="now">Now, ms since 1970.</param>
    public BucketDecision Decide(object message, long now) => message switch
    {
        EventProtocol.Ingest ingest => DecideIngest(ingest, now),
        EventProtocol.ActionFinished finished => DecideEnd(finished.Key, finished.Outcome),
        EndAction end => DecideEnd(end.Key, end.Outcome),
        WriteFact write => DecideWrite(write.Fact),
        EventFailed failed => DecidePark(failed, now),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "nothing that a bucket decides about"),
    };

    /// <summary>A decision is being carried out.</summary>
    /// <param name="now">Now, ms since 1970.</param>
    /// <returns>The fact to write; null when there is none.</returns>
    public IFact? Begin(BucketDecision decision, IActorRef asker, long now)
    {
        switch (decision)
        {
            case BucketDecision.Answer answer:
                asker.Tell(answer.Reply);
                return null;
            case BucketDecision.Duplicate duplicate:
                asker.Tell(AnswerDuplicate(duplicate.Delivery, now));
                return null;
            case BucketDecision.Join join:
                _accepting.Join(join.Ingest, asker, JoinsByEvent);
                return null;
            case BucketDecision.Accept accept:
                _events.Reserve(accept.Ingest.Event);
                _accepting.Begin(accept.Ingest, asker);
                return accept.Fact;
            case BucketDecision.End end:
                _writes[(end.Key.Event, end.Key.Position)] = new ActionWrite.Ending(end.Key, asker);
                return end.Fact;
            case BucketDecision.Write { Fact: Facts.Started started }:
                _writes[(started.Event, started.Position)] = new ActionWrite.Starting(started.Run);
                return started;
            case BucketDecision.Write write:
                return write.Fact;
            default:
                return null;
        }
    }

    public BucketCommit Committed(long sequence, IFact fact)
    {
        var state = Apply(sequence, fact, recovering: false);
        var replies = fact switch
        {
            Facts.Accepted accepted => Accepted(sequence, accepted),
            Facts.Started started => StartWritten(started),
            Facts.Finished finished => EndWritten(finished.Event, finished.Position),
            Facts.RetryScheduled retry => EndWritten(retry.Event, retry.Position),
            _ => [],
        };
        if (state is { IsComplete: true })
        {
            _events.Complete(state);
        }

        return new BucketCommit(state, replies);
    }

    /// <summary>Takes over a fact from the journal.</summary>
    /// <returns>Its event after the fact; null when it was over before.</returns>
    public EventState? Recover(long sequence, IFact fact) => Apply(sequence, fact, recovering: true);

    public void Recover(BucketSnapshot snapshot)
    {
        _memory.Restore(snapshot);
        _events.Restore(snapshot);
    }

    /// <summary>The bucket is handed over: it takes nothing any more.</summary>
    public void Leave() => Phase = IsServing ? new BucketPhase.FinishingWrites() : Phase;

    /// <summary>What was handed to the journal before the bucket left is committed.</summary>
    public void WritesFinished() => Phase = new BucketPhase.DismissingActors();

    /// <summary>The actors of its events may have ended.</summary>
    /// <returns>Whether this ends the last phase before the final snapshot.</returns>
    public bool ActorsGone(bool all)
    {
        if (Phase is not BucketPhase.DismissingActors || !all)
        {
            return false;
        }

        Phase = new BucketPhase.SavingSnapshot();
        return true;
    }

    public void Recovered() => _events.Recovered();

    public BucketSnapshot ToSnapshot() => _memory.ToSnapshot(_events.All);

    private BucketDecision DecideIngest(EventProtocol.Ingest ingest, long now)
    {
        if (_memory.TryGetDelivery(ingest.DeliveryId, out long known))
        {
            return new BucketDecision.Answer(known > 0 ? new EventProtocol.IngestReply.Accepted(known) : EventProtocol.IngestReply.Duplicate.Instance);
        }

        if (_accepting.IsPending(ingest, JoinsByEvent))
        {
            return new BucketDecision.Join(ingest);
        }

        if (_memory.IsDuplicate(ingest.EventId, now))
        {
            return new BucketDecision.Duplicate(ingest.DeliveryId);
        }

        if (!IsServing)
        {
            return Refuse(RefusalCause.Draining, "this node is leaving");
        }

        return _events.Refusal(ingest.Event) is { } cause
            ? Refuse(cause, $"too many events{RefusalCause.About(cause)} are unfinished")
            : new BucketDecision.Accept(ingest, new Facts.Accepted(ingest.DeliveryId, ingest.EventId, ingest.TraceId, ingest.Plan, ingest.Event, now));
    }

    private static BucketDecision.Answer Refuse(string cause, string reason) => new(new EventProtocol.IngestReply.Refused(cause, reason));

    private BucketDecision DecideEnd(ActionKey key, ActionOutcome outcome)
    {
        // For the next owner of the bucket; told twice before the first was written; or of a run whose place another one is just taking,
        // which is known once that is committed. It comes again.
        if (!IsServing || _writes.GetValueOrDefault((key.Event, key.Position)) switch
        {
            ActionWrite.Ending => true,
            ActionWrite.Starting starting => starting.Run != key.Run,
            _ => false,
        })
        {
            return new BucketDecision.Ignore();
        }

        return Find(key.Event) is { } state && state.Expects(key.Position, key.Attempt, key.Run)
            ? new BucketDecision.End(key, OutcomeFact.Of(context, key, state, outcome))
            : new BucketDecision.Answer(new EventProtocol.OutcomeConfirmed(key));
    }

    private BucketDecision DecideWrite(Facts.AboutEvent fact)
    {
        bool isWanted = IsServing
            && Find(fact.Event) is { } state
            && (fact is not Facts.Started started || (!_writes.ContainsKey((started.Event, started.Position)) && state.MayStart(started)));
        return isWanted ? new BucketDecision.Write(fact) : new BucketDecision.Ignore();
    }

    private BucketDecision DecidePark(EventFailed failed, long now)
    {
        if (!IsServing || Find(failed.Event) is not { } state)
        {
            return new BucketDecision.Ignore();
        }

        var next = state.Accepted.Plan.Rules.Select(state.NextOf).First(action => action is not null)!;
        string reason = NextStep.ParkedReason($"its processing failed {failed.Times} times");
        return new BucketDecision.Write(new Facts.Finished(
            failed.Event, next.Position, state.Actions[next.Position].Attempt, new ActionOutcome.Failed(FailureKind.Parked, reason, Objects.None), now));
    }

    private EventState? Apply(long sequence, IFact fact, bool recovering)
    {
        _memory.Written(sequence, fact.At);
        if (fact is Facts.Accepted accepted)
        {
            _memory.RememberDelivery(accepted.DeliveryId, sequence, accepted.At);
            _memory.OpenWindow(accepted.EventId, accepted.At);
        }

        return _events.Apply(sequence, fact, recovering);
    }

    private List<(IActorRef To, object Reply)> Accepted(long sequence, Facts.Accepted fact)
    {
        var accepting = _accepting.End(fact.DeliveryId, fact.EventId);
        var accepted = new EventProtocol.IngestReply.Accepted(sequence);
        return
        [
            (accepting.Asker, accepted),
            .. accepting.SameDelivery.Select(waiter => (waiter, (object)accepted)),
            .. accepting.SameEvent.Select(waiter => (waiter.Asker, (object)AnswerDuplicate(waiter.Delivery, fact.At))),
        ];
    }

    private EventProtocol.IngestReply.Duplicate AnswerDuplicate(DeliveryId delivery, long now)
    {
        _memory.RememberDuplicate(delivery, now);
        return EventProtocol.IngestReply.Duplicate.Instance;
    }

    private List<(IActorRef To, object Reply)> StartWritten(Facts.Started fact)
    {
        if (_writes.GetValueOrDefault((fact.Event, fact.Position)) is ActionWrite.Starting)
        {
            _writes.Remove((fact.Event, fact.Position));
        }

        return [];
    }

    private List<(IActorRef To, object Reply)> EndWritten(long sequence, int position) =>
        _writes.Remove((sequence, position), out var write) && write is ActionWrite.Ending ending
            ? [(ending.Asker, new EventProtocol.OutcomeConfirmed(ending.Key))]
            : [];
}

/// <summary>To the bucket's own decider: the actor of an event has failed so often that the event is set aside.</summary>
/// <param name="Event">The sequence number of the event.</param>
/// <param name="Times">How often it failed.</param>
internal sealed record EventFailed(long Event, int Times);
