using Talon.Cluster.Wire;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>
/// The facts about events that this process has handed to its journal and not yet told anybody of. When the answer of the journal is
/// lost the bucket begins anew; what it then finds in the journal and here was committed and is told now. Bounded by what a bucket
/// writes at once: each of its incarnations starts with an empty list. Thread-safe.
/// </summary>
internal sealed class UnconfirmedWrites
{
    private readonly Dictionary<int, HashSet<(long, int, int, long)>> _buckets = [];

    /// <summary>A fact goes to the journal.</summary>
    public void Add(int bucket, IFact fact)
    {
        if (KeyOf(fact) is { } key)
        {
            lock (_buckets)
            {
                if (!_buckets.TryGetValue(bucket, out var facts))
                {
                    _buckets[bucket] = facts = [];
                }

                facts.Add(key);
            }
        }
    }

    /// <summary>A fact is in the journal. True when it was waited for.</summary>
    public bool Take(int bucket, IFact fact)
    {
        if (KeyOf(fact) is not { } key)
        {
            return false;
        }

        lock (_buckets)
        {
            return _buckets.TryGetValue(bucket, out var facts) && facts.Remove(key);
        }
    }

    /// <summary>What is left was never committed.</summary>
    public void Clear(int bucket)
    {
        lock (_buckets)
        {
            _buckets.Remove(bucket);
        }
    }

    // Only what ends an attempt: the other facts are told again by what follows from them. With its time, so that another process's
    // fact about the same attempt is not taken for it.
    private static (long, int, int, long)? KeyOf(IFact fact) => fact switch
    {
        Facts.Finished finished => (finished.Event, finished.Position, finished.Attempt, finished.At),
        Facts.RetryScheduled retry => (retry.Event, retry.Position, retry.Attempt, retry.At),
        _ => null,
    };
}
