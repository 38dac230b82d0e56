namespace Talon.Actors.Actionners.Removal.Drain;

/// <summary>What has become of a pod of a drain so far.</summary>
internal enum PodFate
{
    Untried = 0,

    /// <summary>It was terminating before the drain.</summary>
    Leaving = 1,

    /// <summary>The API server accepted the eviction.</summary>
    Evicted = 2,

    /// <summary>It was gone, or replaced, when its turn came.</summary>
    Gone = 3,

    /// <summary>A disruption budget does not allow it now.</summary>
    Refused = 4,

    /// <summary><c>min_healthy_replicas</c> does not allow it now.</summary>
    Kept = 5,

    /// <summary>The API server asked for fewer requests.</summary>
    Throttled = 6,

    /// <summary>It could not be evicted, for any other reason.</summary>
    Failed = 7,
}
