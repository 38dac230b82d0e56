using Akka.Actor;
using Akka.Persistence;
using Talon.Actors.Telemetry;
using Talon.Cluster.Journal;
using Talon.Cluster.Wire;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>
/// What this process knows of the journal of one bucket: which writes are unanswered, when a snapshot is due, what may be deleted, whether
/// somebody else has written to it. Tells the readiness endpoint and the log. Writes nothing itself: only the persistent actor can.
/// </summary>
internal sealed class BucketJournal(PipelineContext context, int number, DeliveryHistory memory)
{
    private readonly SnapshotSchedule _care = new(memory);
    private readonly JournalCheck _check = new(context.Clock);
    private int _writing;

    public string Id { get; } = $"bucket-{number}";

    /// <summary>Whether the newest snapshot holds all facts.</summary>
    public bool IsInSnapshot => _care.FactsSinceSnapshot == 0;

    public void Recovering() => context.Status.JournalAsked(number);

    public void Recovered(SnapshotMetadata snapshot) => _care.Restored(snapshot.SequenceNr);

    /// <returns>Whether this process has written it and never got the answer of the journal.</returns>
    public bool Recovered(IFact fact)
    {
        _care.Written();
        return context.Untold.Take(number, fact);
    }

    public void RecoveryDone()
    {
        context.Status.JournalAnswered(number, waiting: false);
        context.Status.BucketRecovered(number);
        context.Untold.Clear(number);
    }

    public void Writing(IFact fact)
    {
        _writing++;
        context.Untold.Add(number, fact);
        context.Status.JournalAsked(number);
    }

    public void Committed(IFact fact)
    {
        _writing--;
        context.Untold.Take(number, fact);
        _check.HaveHeard();
        context.Status.JournalAnswered(number, _writing > 0);
        _care.Written();
    }

    public void Failed(Exception cause, long sequence)
    {
        string why = JournalFailure.IsConflict(cause)
            ? $"fact {sequence} was written by another incarnation of the bucket"
            : "a fact could not be journalled, the database is away or too slow";
        context.Log.Unhealthy(Id, $"{why}; the bucket stops without acting on it and recovers: {JournalFailure.Describe(cause)}");
    }

    public void RecoveryFailed(Exception cause) =>
        context.Log.Unhealthy(Id, $"the bucket cannot be recovered: {JournalFailure.Describe(cause)}");

    /// <summary>Whether to save a snapshot now. Then it counts as begun.</summary>
    /// <param name="unfinished">How many events it would carry.</param>
    public bool BeginSnapshot(int unfinished)
    {
        if (!_care.IsSnapshotDue(unfinished))
        {
            return false;
        }

        _care.SnapshotBegun();
        return true;
    }

    /// <summary>What to do after an answer of the journal or the snapshot store; null when it is none.</summary>
    public JournalUpkeep? Heard(object answer, long last) => _care.Heard(answer, last, context.Now, context.Options);

    /// <summary>Asks the journal, if it is time to, whether somebody else has written behind that fact. The bucket gets the answer as a message.</summary>
    public void CheckIfDue(IActorRef journal, long last, IActorRef bucket, bool isLeaving)
    {
        if (_writing == 0 && !isLeaving && _check.IsDue)
        {
            _ = _check.AskAsync(journal, Id, last + 1).PipeTo(bucket);
        }
    }

    /// <summary>Whether the answer says that another incarnation of the bucket has written to its journal.</summary>
    public bool IsOvertaken(JournalCheck.Answer answer, long last, bool isLeaving)
    {
        _check.Asked();
        if (answer.Answered)
        {
            // An incarnation before this one may have been stopped while it waited for the journal.
            context.Status.JournalAnswered(number, _writing > 0);
        }

        if (!answer.Found || answer.Next != last + 1 || _writing > 0 || isLeaving)
        {
            return false;
        }

        context.Log.Unhealthy(Id, $"fact {answer.Next} was written by another incarnation of the bucket; the bucket stops and recovers");
        return true;
    }
}
