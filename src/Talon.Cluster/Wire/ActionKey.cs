namespace Talon.Cluster.Wire;

/// <summary>One attempt of one action of one accepted event.</summary>
/// <param name="Bucket">The bucket that owns the event.</param>
/// <param name="Event">The sequence number of the event's <c>Accepted</c> fact in that bucket.</param>
/// <param name="Position">The place of the action in the event's plan.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Run">
/// A random number that distinguishes two runs of the same attempt: when a bucket was stopped before <c>Started</c> was committed,
/// the attempt is begun anew, and what is still heard of the first run must not count for the second.
/// </param>
public readonly record struct ActionKey(int Bucket, long Event, int Position, int Attempt, int Run)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Bucket}/{Event}/{Position}/{Attempt}/{Run:x8}";
}
