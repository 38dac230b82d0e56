using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Talon.Cluster.Journal;
using Talon.Cluster.Protocol;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>
/// What a bucket does for its journal, whatever its facts are about: writes, snapshots, deletes what is old, tells why it cannot go
/// on, and looks whether another incarnation has written to it.
/// </summary>
internal abstract class BucketJournal : UntypedPersistentActor
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(8);

    private readonly PipelineContext _context;
    private readonly int _number;
    private readonly JournalCare _care;
    private long _quietSince;
    private bool _looking;
    private int _writing;

    protected BucketJournal(PipelineContext context, int number)
    {
        _context = context;
        _number = number;
        Memory = new BucketMemory(context.Options.DuplicateWindow);
        _care = new JournalCare(Memory);
    }

    public override string PersistenceId => $"bucket-{_number}";

    protected BucketMemory Memory { get; }

    /// <summary>Whether the bucket is on its way out: it does not look any more.</summary>
    protected abstract bool IsLeaving { get; }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess saved:
                SnapshotSaved(saved.Metadata.SequenceNr);
                SnapshotTried();
                break;
            case SaveSnapshotFailure failed:
                Log.Warning("{0}: a snapshot could not be saved: {1}", PersistenceId, failed.Cause.Message);
                SnapshotTried();
                break;
            case DeleteMessagesSuccess deleted:
                _care.Deleted(deleted.ToSequenceNr);
                DeleteOld();
                break;
            case DeleteMessagesFailure failed:
                _care.Deleted(null);
                Log.Warning("{0}: old facts could not be deleted: {1}", PersistenceId, failed.Cause.Message);
                break;
            case DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                break;
            case Looked looked:
                HaveLooked(looked);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // Akka stops the actor now. Nobody acts on this fact.
        string why = JournalFailure.IsConflict(cause)
            ? $"fact {sequenceNr} was written by another incarnation of the bucket"
            : "a fact could not be journalled, the database is away or too slow";
        _context.Audit.Health(PersistenceId, $"{why}; the bucket stops without acting on it and recovers: {JournalFailure.Describe(cause)}", null);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        throw new InvalidOperationException($"{PersistenceId}: the journal rejected a fact; the bucket restarts from what is committed", cause);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _context.Audit.Health(PersistenceId, $"the bucket cannot be recovered: {JournalFailure.Describe(reason)}", null);
        base.OnRecoveryFailure(reason, message);
    }

    /// <summary>How many events are unfinished.</summary>
    protected abstract int Unfinished { get; }

    /// <summary>All that a snapshot holds.</summary>
    protected abstract BucketSnapshot Snapshot();

    /// <summary>A snapshot is saved, or could not be.</summary>
    protected abstract void SnapshotTried();

    /// <summary>A fact is written, and whatever waited for it has been told.</summary>
    protected abstract void Committed(long sequence, IFact fact);

    /// <summary>Takes over a snapshot.</summary>
    protected void Restore(BucketSnapshot snapshot, long sequence)
    {
        Memory.Restore(snapshot);
        _care.Restored(sequence);
    }

    /// <summary>Takes over a fact, from the journal or just written to it.</summary>
    protected virtual void Apply(long sequence, IFact fact)
    {
        Memory.Written(sequence, fact.At);
        _care.Written();
    }

    /// <summary>Writes a fact; applies it and tells about it once it is committed.</summary>
    protected void Journalled(IFact fact, Action? then)
    {
        _writing++;
        _context.Untold.Add(_number, fact);
        _context.Status.JournalAsked(_number);
        PersistAsync(fact, committed =>
        {
            _writing--;
            _context.Untold.Take(_number, fact);
            _quietSince = _context.Clock.GetTimestamp();
            _context.Status.JournalAnswered(_number, _writing > 0);
            Apply(LastSequenceNr, committed);
            then?.Invoke();
            Committed(LastSequenceNr, committed);
            if (_care.IsSnapshotDue(Unfinished))
            {
                _care.SnapshotBegun();
                SaveSnapshot(Snapshot());
            }
        });
    }

    /// <summary>Saves what the newest snapshot does not hold. False when there is nothing.</summary>
    protected bool SaveSnapshotIfNeeded()
    {
        if (_care.FactsSinceSnapshot == 0)
        {
            return false;
        }

        SaveSnapshot(Snapshot());
        return true;
    }

    /// <summary>
    /// Asks the journal whether it goes on where this bucket ends. A node that was frozen may wake up as a second owner and write until
    /// it learns that it is out. This bucket would notice at its own next write; one that has nothing to write has to look, or what was
    /// accepted there would wait for ever.
    /// </summary>
    protected void Look()
    {
        if (_looking || _writing > 0 || IsLeaving || _context.Clock.GetElapsedTime(_quietSince) < LookInterval)
        {
            return;
        }

        _looking = true;
        long next = LastSequenceNr + 1;
        string id = PersistenceId;
        Func<IActorRef, object> question = asker => new ReplayMessages(next, long.MaxValue, 1, id, asker);
        _ = Journal.Ask<object>(question, LookPatience, CancellationToken.None).PipeTo(
            Self, success: answer => new Looked(next, answer is ReplayedMessage, Answered: answer is ReplayedMessage or RecoverySuccess), failure: _ => new Looked(next, Found: false, Answered: false));
    }

    private void HaveLooked(Looked looked)
    {
        _looking = false;
        _quietSince = _context.Clock.GetTimestamp();
        if (looked.Answered)
        {
            // An incarnation before this one may have been stopped while it waited for the journal.
            _context.Status.JournalAnswered(_number, _writing > 0);
        }

        if (looked.Found && looked.Next == LastSequenceNr + 1 && _writing == 0 && !IsLeaving)
        {
            _context.Audit.Health(PersistenceId, $"fact {looked.Next} was written by another incarnation of the bucket; the bucket stops and recovers", null);
            Context.Stop(Self);
        }
    }

    private void SnapshotSaved(long sequence)
    {
        long? useless = _care.Saved(sequence);
        DeleteOld();
        if (useless is { } last)
        {
            DeleteSnapshots(new SnapshotSelectionCriteria(last));
        }
    }

    private void DeleteOld()
    {
        if (_care.NextToDelete(LastSequenceNr, _context.Now, _context.Options) is { } last)
        {
            DeleteMessages(last);
        }
    }

    /// <summary>Whether the journal answered, and whether it has a fact of that number, which this incarnation has not written.</summary>
    private sealed record Looked(long Next, bool Found, bool Answered) : Local;
}
