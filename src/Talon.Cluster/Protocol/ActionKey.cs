namespace Talon.Cluster.Protocol;

/// <summary>One attempt of one action of one accepted event.</summary>
/// <param name="Bucket">The bucket that owns the event.</param>
/// <param name="Event">The sequence number of the event's <c>Accepted</c> fact in that bucket.</param>
/// <param name="Position">The place of the action in the event's plan.</param>
/// <param name="Attempt">The attempt, from 1.</param>
public readonly record struct ActionKey(int Bucket, long Event, int Position, int Attempt)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Bucket}/{Event}/{Position}/{Attempt}";
}
