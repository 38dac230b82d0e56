using Akka.Actor;
using Akka.Persistence;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>
/// Asks the journal now and then whether it goes on where a bucket ends. A node that was frozen may wake up as a second owner and write
/// until it learns that it is out. The bucket would notice at its own next write; one that has nothing to write has to ask, or what was
/// accepted there would wait for ever.
/// </summary>
internal sealed class JournalCheck(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private long _quietSince;
    private bool _asking;

    /// <summary>Whether to ask now. Only a bucket that is not writing asks.</summary>
    public bool IsDue => !_asking && clock.GetElapsedTime(_quietSince) >= Interval;

    /// <summary>The journal has just answered something else.</summary>
    public void HaveHeard() => _quietSince = clock.GetTimestamp();

    /// <param name="next">The sequence number that would be the next.</param>
    public async Task<Answer> AskAsync(IActorRef journal, string persistenceId, long next)
    {
        _asking = true;
        Func<IActorRef, object> question = asker => new ReplayMessages(next, long.MaxValue, 1, persistenceId, asker);
        try
        {
            object answer = await journal.Ask<object>(question, Patience, CancellationToken.None);
            return new Answer(next, Found: answer is ReplayedMessage, Answered: answer is ReplayedMessage or RecoverySuccess);
        }
        catch (AskTimeoutException)
        {
            return new Answer(next, Found: false, Answered: false);
        }
    }

    /// <summary>The answer has come.</summary>
    public void Asked()
    {
        _asking = false;
        HaveHeard();
    }

    /// <summary>Whether the journal answered, and whether it has a fact of that number, which this incarnation of the bucket has not written.</summary>
    internal sealed record Answer(long Next, bool Found, bool Answered) : Local;
}
