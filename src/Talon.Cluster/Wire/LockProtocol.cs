namespace Talon.Cluster.Wire;

/// <summary>The conversation between those who want to be alone with something and its lock, which lets in one at a time.</summary>
internal static class LockProtocol
{
    /// <summary>
    /// Asks for the lock's grant. Answered by a <see cref="Reply"/>, while others are before it after a second at most; sent
    /// again, with the same id, until it is granted. A repeat changes nothing.
    /// </summary>
    /// <param name="Id">The identity of the request, random.</param>
    public sealed record Acquire(string Key, Guid Id) : ILockMessage;

    /// <summary>Gives a grant back, or takes a request back that is not granted yet. Not answered.</summary>
    public sealed record Release(string Key, Guid Id) : ILockMessage;

    /// <summary>The answer to <see cref="Acquire"/>: a closed set.</summary>
    public abstract record Reply : IWireMessage
    {
        private Reply()
        {
        }

        /// <summary>The asker is alone with it now.</summary>
        /// <param name="LeftMs">
        /// For how many milliseconds from when the lock wrote this. A holder that counts them from before it sent the request that this
        /// answers is done before the lock is.
        /// </param>
        /// <param name="Lock">
        /// The actor path of the lock that granted it, with its address. The release goes there: a region may keep messages back
        /// while the lock waits for its holder in order to move.
        /// </param>
        public sealed record Granted(long LeftMs, string Lock) : Reply;

        /// <summary>Others are before it; it keeps its place if it asks again at once.</summary>
        public sealed record Queued(int Ahead) : Reply;

        /// <summary>The lock moves to another node and will be there in a moment.</summary>
        public sealed record Moving : Reply
        {
            public static Moving Instance { get; } = new();
        }

        /// <summary>Too many wait already.</summary>
        public sealed record Full : Reply
        {
            public static Full Instance { get; } = new();
        }
    }

    /// <summary>Asks a lock to stop as soon as nobody holds its grant, because its shard moves, its node leaves, or it has nothing to do.</summary>
    public sealed record HandOff : IWireMessage
    {
        public static HandOff Instance { get; } = new();
    }
}
