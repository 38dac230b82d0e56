namespace Talon.Cluster.Locks;

/// <summary>The times that locks and their holders agree on.</summary>
internal static class LockTimes
{
    /// <summary>
    /// How long a grant lasts at the lock. Below the 15 s after which Akka stops an entity that does not hand off (5 s less
    /// than <c>handoff-timeout</c>), so that a lock that moves has outlasted its holder.
    /// </summary>
    public static readonly TimeSpan Grant = TimeSpan.FromSeconds(12);

    /// <summary>
    /// How much sooner the holder's own view of its grant ends: time for a write that was begun at the last moment to take
    /// effect, and for clocks that do not run alike.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a lock that cannot know of earlier holders waits before it grants anything, counted from the loss of their
    /// lock: what the last of them may have been granted, and a margin.
    /// </summary>
    public static readonly TimeSpan Quarantine = Grant + Margin;

    /// <summary>After how long a request that must wait is answered all the same, so that its sender proves to be there.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>How long the sender of a request that waits may be silent before it loses its place.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>After how long without an answer a request is sent again. A lock answers within <see cref="Poll"/>.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long a lock with nothing to do stays.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    /// <summary>How many may wait for one lock.</summary>
    public const int MaxWaiting = 1_000;

    /// <summary>Into how many shards the keys are cut. Part of the protocol: all nodes of a cluster use the same.</summary>
    public const int Shards = 32;

    /// <summary>How long a key may be, in characters.</summary>
    public const int MaxKey = 256;
}
