namespace Talon.Actors.Actionners.Removal.Drain;

/// <summary>How far a pod of a drain has come.</summary>
internal enum PodFate
{
    /// <summary>Not tried yet.</summary>
    Untried = 0,

    /// <summary>It was terminating before the drain.</summary>
    Leaving = 1,

    /// <summary>The API server took the eviction.</summary>
    Evicted = 2,

    /// <summary>It was gone, or replaced, when its turn came.</summary>
    Gone = 3,

    /// <summary>A disruption budget does not allow it now.</summary>
    Refused = 4,

    /// <summary><c>min_healthy_replicas</c> does not allow it now.</summary>
    Kept = 5,

    /// <summary>The API server asked for fewer requests.</summary>
    Throttled = 6,

    /// <summary>It could not be evicted.</summary>
    Failed = 7,
}
